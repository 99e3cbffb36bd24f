"""The HTTP side, asked by a client that knows nothing but HTTP."""
