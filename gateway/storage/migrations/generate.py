"""Writes revision 0001 anew from `storage/schema.py`. Only until the first release: from then on revisions are added.

python -m gateway.storage.migrations.generate && ruff format gateway/storage/migrations
"""

from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations.ops import MigrationScript
from sqlalchemy import create_engine

from gateway.storage.migrations.filters import include_name, include_object
from gateway.storage.schema import metadata

_FILE = Path(__file__).parent / "versions" / "0001_tables.py"
_TEXT = '''"""All tables, generated from the schema by `python -m gateway.storage.migrations.generate`."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915
    {upgrade}


def downgrade() -> None:  # noqa: PLR0915
    {downgrade}
'''


def generate() -> str:
    """The text of revision 0001: what turns an empty database into the schema."""
    with create_engine("sqlite://").connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"target_metadata": metadata, "include_name": include_name, "include_object": include_object},
        )
        script: MigrationScript = produce_migrations(context, metadata)
    assert script.upgrade_ops is not None
    assert script.downgrade_ops is not None
    return _TEXT.format(
        upgrade=render_python_code(script.upgrade_ops), downgrade=render_python_code(script.downgrade_ops)
    )


if __name__ == "__main__":
    _FILE.write_text(generate())
