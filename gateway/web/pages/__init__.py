"""The Messenger's pages: view models, what builds them from read models, and the handlers that serve them."""
