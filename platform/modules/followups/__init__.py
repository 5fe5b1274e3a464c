"""Somebody is not helped, or says so: a call soon, by whoever answers for the course, and it ends with an agreement."""
