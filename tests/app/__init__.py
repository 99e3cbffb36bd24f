"""Settings, the command line, and a process from its first line to its last."""
