"""The HTTP API under `/api/v1`: one file a noun, each route with the types that validate it and describe it."""
