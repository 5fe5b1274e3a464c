"""What the answers of a course say that should be talked about, who takes it to supervision, and what was learned."""
