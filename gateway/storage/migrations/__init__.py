"""Alembic revisions, run by `storage/migrate.py`; `generate.py` writes the first one anew until the first release."""
