"""One plan for each citizen, the citizen's own: canvas, goals, measures, agreements and evaluations, with their history."""
