"""Use cases: one command, one decision, and the writer that makes a batch of them durable at once."""
