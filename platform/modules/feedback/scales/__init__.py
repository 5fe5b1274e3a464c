"""Scales as configuration: forms in versions, their wordings by language, and every constant with its source."""
