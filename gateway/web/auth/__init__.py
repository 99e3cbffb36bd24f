"""Proving who one is: tokens, sessions, passwords, invitations, and the brake on guessing."""
