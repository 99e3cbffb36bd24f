"""What the thread's page keeps: the team's library of files, mentions in notes, whole drafts, what was sent again."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_RETRIES = sa.text("retry_of IS NOT NULL")
_LIBRARY = sa.text("library")
_ADDED: tuple[tuple[str, str, Any, str], ...] = (
    ("media", "library", sa.Boolean(), "false"),
    ("notes", "mentions", sa.Text(), "'[]'"),
    ("drafts", "media_ids", sa.Text(), "'[]'"),
)


def upgrade() -> None:
    for table, column, kind, filling in _ADDED:
        op.add_column(table, sa.Column(column, kind, nullable=False, server_default=sa.text(filling)))
    op.add_column("media", sa.Column("removed_at", sa.BigInteger(), nullable=True))
    op.add_column("drafts", sa.Column("subject", sa.Text(), nullable=True))
    op.create_index(
        "ix_messages_retry_of",
        "messages",
        ["workspace_id", "retry_of"],
        sqlite_where=_RETRIES,
        postgresql_where=_RETRIES,
    )
    op.create_index(
        "ix_media_library", "media", ["workspace_id", "id"], sqlite_where=_LIBRARY, postgresql_where=_LIBRARY
    )


def downgrade() -> None:
    op.drop_index("ix_media_library", "media")
    op.drop_index("ix_messages_retry_of", "messages")
    op.drop_column("drafts", "subject")
    op.drop_column("media", "removed_at")
    for table, column, _, _ in reversed(_ADDED):
        op.drop_column(table, column)
