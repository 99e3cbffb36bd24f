"""Drafts by thread: one that is saved, and the erasing of a contact, look for those of one thread."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_drafts_thread", "drafts", ["workspace_id", "thread_id"])


def downgrade() -> None:
    op.drop_index("ix_drafts_thread", "drafts")
