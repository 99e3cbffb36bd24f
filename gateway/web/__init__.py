"""The HTTP side: API, pages, provider webhooks, live streams, sign-in, operations."""
