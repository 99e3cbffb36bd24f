"""Contacts that somebody saved, and the others, each in an order of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contact_names", sa.Column("saved", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE contact_names SET saved = (SELECT saved FROM contacts WHERE contacts.id = contact_names.contact_id"
        " AND contacts.workspace_id = contact_names.workspace_id) WHERE EXISTS (SELECT 1 FROM contacts"
        " WHERE contacts.id = contact_names.contact_id AND contacts.workspace_id = contact_names.workspace_id)"
    )
    op.create_index(
        "ix_contact_names_saved", "contact_names", ["workspace_id", "saved", "sort_name", "contact_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_contact_names_saved", table_name="contact_names")
    op.drop_column("contact_names", "saved")
