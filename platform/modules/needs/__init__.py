"""Help that people wanted and that does not exist, gathered without anybody's name."""
