"""Mail and text messages to people outside the service: one gateway for the whole platform."""
