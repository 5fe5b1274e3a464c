"""What the courses of help together say about the help: figures for the team, the leader and the network, never by helper."""
