"""Citizens, and adults named in a child's plan, who may come in to the citizen's own pages."""
