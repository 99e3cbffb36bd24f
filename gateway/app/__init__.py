"""The composition root: the only package that knows everything. `core` builds the parts, `serve` runs a process."""
