"""The schema's history: numbered migrations, one head."""
