"""Colleagues: who works here, what each answers for, and ending a seat without letting go of anything."""
