"""Who was erased while a table is read in."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contact_imports", sa.Column("erased", sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("contact_imports", "erased")
