"""What municipalities share with one another: numbers, stories, talk, barriers."""
