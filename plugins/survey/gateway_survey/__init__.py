"""Asks contacts how it was."""
