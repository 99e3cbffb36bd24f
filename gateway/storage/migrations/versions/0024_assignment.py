"""By which rules a workspace gives conversations to its people."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workspaces", sa.Column("assignment", sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("workspaces", "assignment")
