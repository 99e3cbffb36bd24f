"""Who waits for an answer, by how long: the order of a list that is sorted by it."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    some = sa.text("waiting_since IS NOT NULL")
    op.create_index(
        "ix_conversations_waiting",
        "conversations",
        ["workspace_id", "state", "waiting_since", "id"],
        sqlite_where=some,
        postgresql_where=some,
    )


def downgrade() -> None:
    op.drop_index("ix_conversations_waiting", "conversations")
