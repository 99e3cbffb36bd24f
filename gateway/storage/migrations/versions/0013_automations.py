"""Automations, their runs, and what they remember; what led to a message."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _whole(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), autoincrement=False, nullable=nullable)


def upgrade() -> None:
    op.add_column("messages", _text("cause", nullable=True))
    op.create_table(
        "automations",
        _whole("workspace_id"),
        _whole("id"),
        _text("name"),
        _text("when"),
        _whole("created_at"),
        _text("conditions"),
        _text("actions"),
        _text("once_per", nullable=True),
        sa.Column("enabled", sa.Boolean(), autoincrement=False, nullable=False),
        _whole("enabled_at", nullable=True),
        _whole("place"),
        _whole("user_id", nullable=True),
        _whole("removed_at", nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_automations")),
    )
    op.create_table(
        "automation_runs",
        _whole("workspace_id"),
        _whole("id"),
        _whole("automation_id"),
        _whole("position"),
        _text("event_type"),
        _whole("created_at"),
        _text("state"),
        _whole("step"),
        _text("reason", nullable=True),
        _whole("thread_id", nullable=True),
        _whole("conversation_id", nullable=True),
        _whole("contact_id", nullable=True),
        _whole("message_id", nullable=True),
        _text("verdict"),
        _text("actions"),
        _text("results"),
        _text("chain"),
        _text("cause", nullable=True),
        _whole("replay_of", nullable=True),
        _whole("finished_at", nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_automation_runs")),
    )
    op.create_index("ix_automation_runs_of", "automation_runs", ["workspace_id", "automation_id", "id"])
    op.create_index("ix_automation_runs_finished", "automation_runs", ["finished_at"])
    op.create_index(
        "ix_automation_runs_contact",
        "automation_runs",
        ["workspace_id", "contact_id"],
        sqlite_where=sa.text("contact_id IS NOT NULL"),
        postgresql_where=sa.text("contact_id IS NOT NULL"),
    )
    op.create_table(
        "automation_marks",
        _whole("workspace_id"),
        _text("key"),
        _whole("value"),
        _whole("at"),
        sa.PrimaryKeyConstraint("workspace_id", "key", name=op.f("pk_automation_marks")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_automation_marks_at", "automation_marks", ["at"])


def downgrade() -> None:
    op.drop_table("automation_marks")
    op.drop_table("automation_runs")
    op.drop_table("automations")
    op.drop_column("messages", "cause")
