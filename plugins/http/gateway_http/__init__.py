"""A channel to any HTTP API, told by its settings what to say and where to look."""
