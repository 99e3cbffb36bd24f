"""Where people are told in their chat services."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chat_targets",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("notifier", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("label", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("address", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("of", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("group_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("only_mine", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("quiet_start", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("quiet_end", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("timezone", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("told", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("told_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("last_error", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("removed_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_chat_targets")),
    )


def downgrade() -> None:
    op.drop_table("chat_targets")
