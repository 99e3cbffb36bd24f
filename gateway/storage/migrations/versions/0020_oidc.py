"""Signing in through an identity provider."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "oidc_settings",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("issuer", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("client_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("label", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("enabled", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("role_claim", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("roles", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_oidc_settings")),
    )
    op.add_column("users", sa.Column("oidc_subject", sa.Text(), nullable=True))
    on = sa.text("true")
    op.add_column("workspaces", sa.Column("password_login", sa.Boolean(), nullable=False, server_default=on))


def downgrade() -> None:
    op.drop_column("workspaces", "password_login")
    op.drop_column("users", "oidc_subject")
    op.drop_table("oidc_settings")
