"""Alembic's environment: runs on the connection, and in the transaction, that `storage/migrate.py` hands over."""

from alembic import context

from gateway.storage.all_tables import metadata
from gateway.storage.migrations.filters import include_name, include_object

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    include_name=include_name,
    include_object=include_object,
)
context.run_migrations()
