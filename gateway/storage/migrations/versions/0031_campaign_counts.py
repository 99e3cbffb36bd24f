"""What became of the recipients of campaigns that are over, counted once."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaign_counts",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("touched", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("counted", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "campaign_id", name=op.f("pk_campaign_counts")),
    )
    op.add_column("campaign_progress", sa.Column("touched", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("campaign_progress", "touched")
    op.drop_table("campaign_counts")
