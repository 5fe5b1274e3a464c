"""Figures that travel: what each municipality contributes, and what the network publishes of it."""
