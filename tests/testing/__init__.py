"""The plugin kit: what it checks, and that it notices."""
