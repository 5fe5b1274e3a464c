"""Sessions in and out: a file of them checked, shown and taken in, and everything given out in the same columns."""
