"""The demo: invented municipalities' people and data on the real thing, and the program that runs it."""
