"""Tokens by which other programs of a municipality ask for its figures."""
