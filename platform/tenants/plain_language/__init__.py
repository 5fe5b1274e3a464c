"""Plain language: figures and everyday words beside every text that a citizen reads."""
