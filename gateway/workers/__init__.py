"""Work under a lease: sending, hooks and actions, throttling, cleaning up."""
