"""Working hours of users."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("working_hours", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("users", "working_hours")
