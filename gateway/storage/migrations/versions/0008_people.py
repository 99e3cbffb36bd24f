"""Links revoked, browsers by their names, when a token was used last, and words in an order, with their uses."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ADDED = (
    ("invitations", "revoked_at", sa.BigInteger, None),
    ("login_sessions", "browser", sa.Text, None),
    ("tokens", "last_used_at", sa.BigInteger, None),
    ("snippets", "position", sa.BigInteger, "0"),
    ("snippets", "uses", sa.BigInteger, "0"),
)


def upgrade() -> None:
    for table, column, kind, default in ADDED:
        op.add_column(table, sa.Column(column, kind(), nullable=default is None, server_default=default))


def downgrade() -> None:
    for table, column, *_ in reversed(ADDED):
        op.drop_column(table, column)
