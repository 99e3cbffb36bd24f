"""Pages without a server: templates from view models, and the models from records."""
