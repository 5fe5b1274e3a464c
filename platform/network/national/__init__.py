"""What a national body sees: released figures, and nothing else."""
