"""Who was erased, for lists that are ordered by name: they have none any more."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    some = sa.text("erased_at IS NOT NULL")
    op.create_index("ix_contacts_erased", "contacts", ["workspace_id", "id"], sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    op.drop_index("ix_contacts_erased", "contacts")
