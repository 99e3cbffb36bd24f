"""Alembic revisions, run by `storage/migrate.py`; what has landed is never changed, only followed."""
