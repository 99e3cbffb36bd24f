"""Which sender a plugin's question went out from; of those asked before it is not known."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("questions", sa.Column("asked_from", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("questions", "asked_from")
