"""The figures, held against a second route that shares no code with the product."""
