"""Forms and polls as actions of automations."""
