"""Where each user is told by e-mail or text, and when not."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice_settings",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("address", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("quiet_start", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("quiet_end", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("timezone", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "user_id", name=op.f("pk_notice_settings")),
    )


def downgrade() -> None:
    op.drop_table("notice_settings")
