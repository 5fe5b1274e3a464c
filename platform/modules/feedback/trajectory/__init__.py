"""How courses of help usually go here: an open model of the tenant's own answers, and what a change must exceed to count."""
