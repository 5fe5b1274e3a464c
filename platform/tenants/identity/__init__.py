"""Accounts, seats and sign-in: who is asking, and where they may enter."""
