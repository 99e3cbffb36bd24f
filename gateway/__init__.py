"""Onethread: a conversation gateway with one thread per contact over every number and channel."""
