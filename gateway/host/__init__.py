"""Plugins at run time: found, registered, called in isolation, supervised."""
