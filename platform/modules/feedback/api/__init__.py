"""What other programs may ask of feedback: the municipality's own figures, and a form answered by its one-time token."""
