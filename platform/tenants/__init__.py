"""Municipalities, their people, how they sign in, and the traces they leave."""
