"""The face of the platform: shells, components, charts, themes and the files the browser fetches."""
