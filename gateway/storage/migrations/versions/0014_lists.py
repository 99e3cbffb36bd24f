"""Lists of contacts, who is on them, and tables of people read in."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact_lists",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("description", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("removed_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_contact_lists")),
    )
    op.create_index(
        "uq_contact_lists_live",
        "contact_lists",
        ["workspace_id", "name"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "list_members",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("list_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contact_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("added_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("added_by", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "list_id", "contact_id", name=op.f("pk_list_members")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_list_members_contact", "list_members", ["workspace_id", "contact_id"])
    op.create_table(
        "contact_imports",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("media_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("actor", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("list_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("purpose", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("words", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("columns", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("total", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("created", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("updated", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("listed", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("refused", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("opted_out", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("errors", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("failure", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("ended_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_contact_imports")),
    )


def downgrade() -> None:
    op.drop_table("contact_imports")
    op.drop_table("list_members")
    op.drop_table("contact_lists")
