"""Following the event log: stored cursors, wake-ups and the live fan-out to pages."""
