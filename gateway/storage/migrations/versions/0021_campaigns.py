"""Campaigns, how far each has come, and who of its recipients got what."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaigns",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("created_by", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("list_ids", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("conditions", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("from_", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("channel", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("media_ids", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("purpose", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("agreed", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("pace", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("quiet_start", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("quiet_end", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("send_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("expires_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("sent_by", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("started_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("ended_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("reason", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("removed_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_campaigns")),
    )
    op.create_table(
        "campaign_progress",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chain", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("cursor", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("loaded", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("repeats", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("left_out", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("paced_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "campaign_id", name=op.f("pk_campaign_progress")),
    )
    op.create_table(
        "campaign_recipients",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contact_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("due_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("zone", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("code", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("reason", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("segments", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("cost_micros", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("currency", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("replied_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("opted_out_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "campaign_id", "contact_id", name=op.f("pk_campaign_recipients")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_campaign_recipients_state",
        "campaign_recipients",
        ["workspace_id", "campaign_id", "state", "due_at", "contact_id"],
    )
    op.create_index(
        "ix_campaign_recipients_message",
        "campaign_recipients",
        ["workspace_id", "message_id"],
        sqlite_where=sa.text("message_id IS NOT NULL"),
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )
    op.create_index("ix_campaign_recipients_contact", "campaign_recipients", ["workspace_id", "contact_id"])


def downgrade() -> None:
    op.drop_table("campaign_recipients")
    op.drop_table("campaign_progress")
    op.drop_table("campaigns")
