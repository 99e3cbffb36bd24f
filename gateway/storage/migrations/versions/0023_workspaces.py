"""Workspaces that are suspended, or on their way out."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workspaces", sa.Column("suspended_at", sa.BigInteger(), nullable=True))
    op.add_column("workspaces", sa.Column("removed_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("workspaces", "removed_at")
    op.drop_column("workspaces", "suspended_at")
