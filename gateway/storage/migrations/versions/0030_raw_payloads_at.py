"""Payloads that nobody could read, by when they came: the janitor looks for the old ones."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_raw_payloads_at", "raw_payloads", ["workspace_id", "at"])


def downgrade() -> None:
    op.drop_index("ix_raw_payloads_at", "raw_payloads")
