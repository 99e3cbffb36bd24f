"""What plugins asked contacts, and what was answered."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_NUMBERS = ("conversation_id", "user_id", "sender_id", "gateway_id")


def upgrade() -> None:
    op.create_table(
        "questions",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("plugin", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("thread_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contact_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("asked_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("until", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("scale", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("answers", sa.Text(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=True) for name in _NUMBERS),
        sa.Column("tag_ids", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("about", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("value", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("answer_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("answered_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_questions")),
    )
    op.create_index("ix_questions_thread", "questions", ["workspace_id", "thread_id"])
    said = sa.text("about IS NOT NULL AND answer_id IS NOT NULL")
    op.create_index(
        "ix_questions_about",
        "questions",
        ["workspace_id", "scale", "asked_at"],
        sqlite_where=said,
        postgresql_where=said,
    )
    op.add_column("threads", sa.Column("question_id", sa.BigInteger(), autoincrement=False, nullable=True))


def downgrade() -> None:
    op.drop_column("threads", "question_id")
    op.drop_table("questions")
