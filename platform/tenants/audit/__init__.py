"""Traces: who read whose record, when and why. Written before anything is shown, never changed."""
