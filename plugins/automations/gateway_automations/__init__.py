"""The actions that automations have to begin with."""
