"""Citizens, their courses of help, and who is responsible: the ground that the other modules stand on."""
