"""Words that may mean "no more messages": which ones they were, and what waits until somebody decides."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("threads", sa.Column("wish_message_id", sa.BigInteger(), autoincrement=False, nullable=True))
    held = sa.text("status = 'held'")
    op.create_index(
        "ix_messages_held", "messages", ["workspace_id", "thread_id"], sqlite_where=held, postgresql_where=held
    )


def downgrade() -> None:
    op.drop_index("ix_messages_held", "messages")
    op.drop_column("threads", "wish_message_id")
