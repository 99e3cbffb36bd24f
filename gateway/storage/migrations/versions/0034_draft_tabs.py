"""The tab of a browser that wrote a draft last, which knows its own again when the answer was lost."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("drafts", sa.Column("tab", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("drafts", "tab")
