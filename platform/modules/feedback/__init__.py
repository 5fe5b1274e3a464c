"""The citizen's systematic feedback: how life is, and how the help works."""
