"""Notices: one bell, one page, for everything a person should know about."""
