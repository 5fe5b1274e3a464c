"""Units: the doors of a municipality, who leads each, and who is on duty at every hour."""
