"""An index for the question whether anything still names a stored file."""

from alembic import op
from sqlalchemy import text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only files that are there: what is still to be fetched, or gone, has no name."""
    present = text("blob IS NOT NULL")
    op.create_index("ix_media_blob", "media", ["blob"], sqlite_where=present, postgresql_where=present)


def downgrade() -> None:
    """Without it."""
    op.drop_index("ix_media_blob", table_name="media")
