"""What a municipality switches on."""
