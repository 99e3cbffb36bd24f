"""How long a conversation under way waited for its first answer, for the tags it has in the end."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("waits", sa.Column("replied_after", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("waits", "replied_after")
