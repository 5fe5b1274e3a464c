"""Contacts at the one door: registered in the person's words, with a next step that somebody has promised to take.

Who sees what: a contact that still waits is visible to everyone who works at the door, since anyone must be able to
call at once; once it has become a course of help it follows the circle around the citizen, and lists show it without
a name to others.
"""
