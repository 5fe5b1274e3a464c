"""The municipalities themselves: who they are, and what each has switched on."""
