"""The operator's view of the platform: which municipalities there are, and what failed. No citizen's data."""
