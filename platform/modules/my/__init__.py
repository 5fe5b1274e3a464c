"""The citizen's own pages: coming in by a one-time code, and what stands there first."""
