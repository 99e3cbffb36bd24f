"""The second step of signing in."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "second_factors",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("last_step", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("recovery", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("wrong", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("wrong_since", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "user_id", name=op.f("pk_second_factors")),
    )
    off = sa.text("false")
    op.add_column("users", sa.Column("two_factor", sa.Boolean(), nullable=False, server_default=off))
    op.add_column("workspaces", sa.Column("two_factor_required", sa.Boolean(), nullable=False, server_default=off))
    op.add_column("login_sessions", sa.Column("method", sa.Text(), nullable=False, server_default="password"))


def downgrade() -> None:
    op.drop_column("login_sessions", "method")
    op.drop_column("workspaces", "two_factor_required")
    op.drop_column("users", "two_factor")
    op.drop_table("second_factors")
