"""Keywords, forms and polls; what waits for a contact's next message."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("threads", sa.Column("asking", sa.Text(), nullable=True))
    op.create_table(
        "keywords",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("match", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("sender_ids", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("answer", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("list_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("consent", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("off_list_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("tag_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("form_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("poll_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("choice", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("helps", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("enabled", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("removed_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_keywords")),
    )
    op.create_table(
        "keyword_uses",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("keyword_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contact_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("times", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hour_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("answered", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "keyword_id", "contact_id", name=op.f("pk_keyword_uses")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_keyword_uses_contact", "keyword_uses", ["workspace_id", "contact_id"])
    op.create_table(
        "forms",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("questions", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("thanks", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("way_out", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("left", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("timeout", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("list_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("tag_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("enabled", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("removed_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_forms")),
    )
    op.create_table(
        "form_responses",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("form_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contact_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("thread_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("started_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("address", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("actor", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("questions", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("question", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tries", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("answers", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("sender_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("asked_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ended_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_form_responses")),
    )
    op.create_index("ix_form_responses_contact", "form_responses", ["workspace_id", "contact_id"])
    op.create_index("ix_form_responses_form", "form_responses", ["workspace_id", "form_id", "id"])
    op.create_table(
        "polls",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("question", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("choices", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("voters", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("sender_ids", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("opens_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("closes_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("change", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("thanks", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("already", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("closed", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("removed_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_polls")),
    )
    op.create_table(
        "poll_votes",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("poll_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contact_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("choice", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("changed_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("again", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "poll_id", "contact_id", name=op.f("pk_poll_votes")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_poll_votes_contact", "poll_votes", ["workspace_id", "contact_id"])


def downgrade() -> None:
    op.drop_table("poll_votes")
    op.drop_table("polls")
    op.drop_table("form_responses")
    op.drop_table("forms")
    op.drop_table("keyword_uses")
    op.drop_table("keywords")
    op.drop_column("threads", "asking")
