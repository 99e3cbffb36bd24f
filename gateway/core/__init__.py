"""Use cases: one command, one decision, and the writer that commits them in batches."""
