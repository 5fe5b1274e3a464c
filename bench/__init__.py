"""Figures for docs/performance.md: ratios within one run, never times that a test asserts."""
