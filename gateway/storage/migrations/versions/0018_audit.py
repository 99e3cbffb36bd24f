"""The audit trail, whose lines are never updated, and how long a workspace keeps what."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("workspace_id", sa.BigInteger, False),
    ("id", sa.BigInteger, False),
    ("at", sa.BigInteger, False),
    ("action", sa.Text, False),
    ("actor", sa.Text, False),
    ("actor_name", sa.Text, True),
    ("user_id", sa.BigInteger, True),
    ("noun", sa.Text, True),
    ("subject_id", sa.BigInteger, True),
    ("subject", sa.Text, True),
    ("details", sa.Text, False),
    ("address", sa.Text, True),
)
SQLITE = """
    CREATE TRIGGER audit_lines_are_never_updated BEFORE UPDATE ON audit_lines
    BEGIN SELECT RAISE(ABORT, 'audit lines are never updated'); END
"""
POSTGRESQL = (
    """
    CREATE FUNCTION audit_lines_are_never_updated() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'audit lines are never updated';
    END $$
    """,
    """
    CREATE TRIGGER audit_lines_are_never_updated BEFORE UPDATE ON audit_lines
    FOR EACH ROW EXECUTE FUNCTION audit_lines_are_never_updated()
    """,
)


def upgrade() -> None:
    columns = (sa.Column(name, kind(), autoincrement=False, nullable=null) for name, kind, null in _COLUMNS)
    op.create_table("audit_lines", *columns, sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_audit_lines")))
    op.create_index("ix_audit_lines_user", "audit_lines", ["workspace_id", "user_id", "id"])
    op.create_index("ix_audit_lines_at", "audit_lines", ["workspace_id", "at"])
    op.add_column("workspaces", sa.Column("retention", sa.Text(), nullable=False, server_default="{}"))
    bind = op.get_bind()
    for statement in (SQLITE,) if bind.dialect.name == "sqlite" else POSTGRESQL:
        bind.exec_driver_sql(statement)


def downgrade() -> None:
    bind = op.get_bind()
    op.drop_column("workspaces", "retention")
    op.drop_table("audit_lines")
    if bind.dialect.name != "sqlite":
        bind.exec_driver_sql("DROP FUNCTION audit_lines_are_never_updated()")
