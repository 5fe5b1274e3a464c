"""One course's curves: what was answered, what is usual, what happened on the way, and a sentence that says what it shows."""
