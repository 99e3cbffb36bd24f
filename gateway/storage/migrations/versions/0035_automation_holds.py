"""Automations that do nothing more in a thread until somebody lets them go on; how often one ran in a thread."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_OF_THREAD = ["workspace_id", "automation_id", "thread_id", "id"]


def _whole(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=nullable)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), autoincrement=False, nullable=False)


def upgrade() -> None:
    op.create_table(
        "automation_holds",
        _whole("workspace_id"),
        _text("key"),
        _whole("automation_id"),
        _whole("thread_id"),
        _whole("held_at"),
        _text("reason"),
        _whole("released_at", nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "key", name=op.f("pk_automation_holds")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_automation_holds_of", "automation_holds", ["workspace_id", "automation_id"])
    op.create_index("ix_automation_holds_thread", "automation_holds", ["workspace_id", "thread_id"])
    op.create_index("ix_automation_runs_thread", "automation_runs", _OF_THREAD)


def downgrade() -> None:
    op.drop_index("ix_automation_runs_thread", "automation_runs")
    op.drop_table("automation_holds")
