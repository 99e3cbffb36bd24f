"""Messages past their workspace's time whose words somebody still waits for."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "overdue_words",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "message_id", name=op.f("pk_overdue_words")),
    )


def downgrade() -> None:
    op.drop_table("overdue_words")
