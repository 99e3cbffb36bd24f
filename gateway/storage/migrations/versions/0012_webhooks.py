"""Outgoing webhooks, how they are, what is to be delivered to them, and each try."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def _id(name: str, *, nullable: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), autoincrement=False, nullable=nullable)


def _flag(name: str) -> "sa.Column[bool]":
    return sa.Column(name, sa.Boolean(), autoincrement=False, nullable=False)


def upgrade() -> None:
    op.create_table(
        "webhooks",
        _id("workspace_id"),
        _id("id"),
        _text("url"),
        _text("events"),
        _text("secret"),
        _id("created_at"),
        _text("description"),
        _id("user_id", nullable=True),
        _flag("enabled"),
        _text("off_reason", nullable=True),
        _id("off_at", nullable=True),
        _text("previous_secret", nullable=True),
        _id("previous_until", nullable=True),
        _id("removed_at", nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_webhooks")),
    )
    op.create_table(
        "webhook_health",
        _id("workspace_id"),
        _id("webhook_id"),
        _id("last_at"),
        _id("failing_since", nullable=True),
        _id("last_success_at", nullable=True),
        _text("last_error", nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "webhook_id", name=op.f("pk_webhook_health")),
    )
    op.create_table(
        "webhook_deliveries",
        _id("workspace_id"),
        _id("id"),
        _id("webhook_id"),
        _text("type"),
        _id("position"),
        _id("created_at"),
        _id("since"),
        _text("state"),
        _flag("in_order"),
        _id("attempts"),
        _id("tries"),
        _id("next_at", nullable=True),
        _id("ended_at", nullable=True),
        _id("contact_id", nullable=True),
        _id("status", nullable=True),
        _text("error", nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_webhook_deliveries")),
    )
    op.create_table(
        "webhook_attempts",
        _id("workspace_id"),
        _id("delivery_id"),
        _id("number"),
        _id("at"),
        _id("duration_ms"),
        _id("status", nullable=True),
        _text("error", nullable=True),
        _text("answer", nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "delivery_id", "number", name=op.f("pk_webhook_attempts")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_webhook_deliveries_webhook", "webhook_deliveries", ["workspace_id", "webhook_id", "state", "id"]
    )
    known = sa.text("contact_id IS NOT NULL")
    op.create_index(
        "ix_webhook_deliveries_contact",
        "webhook_deliveries",
        ["workspace_id", "contact_id"],
        sqlite_where=known,
        postgresql_where=known,
    )
    op.create_index("ix_webhook_deliveries_created", "webhook_deliveries", ["created_at"])
    op.create_index("ix_webhook_attempts_at", "webhook_attempts", ["at"])


def downgrade() -> None:
    for table in ("webhook_attempts", "webhook_deliveries", "webhook_health", "webhooks"):
        op.drop_table(table)
