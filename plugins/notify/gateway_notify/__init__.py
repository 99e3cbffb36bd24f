"""Notices to chat services, through Apprise."""
