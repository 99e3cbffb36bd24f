"""Search indexes, which each database has in its own way, and the rule that entries are never updated."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Rowids are the ids of contacts and messages, so the newest come first without sorting. `ascii` leaves words as they
# were made: all but blanks belongs to them, as `storage/search.py` cuts and folds them for both databases.
SQLITE = (
    r"""
    CREATE VIRTUAL TABLE contact_search USING fts5(
        endings, content='', prefix='3', columnsize=0,
        tokenize="ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\]^_`{|}~'"
    )
    """,
    "CREATE VIRTUAL TABLE message_search USING fts5(words, tokenize='ascii', prefix='3', columnsize=0)",
    """
    CREATE TRIGGER entries_are_never_updated BEFORE UPDATE ON entries
    BEGIN SELECT RAISE(ABORT, 'entries are never updated'); END
    """,
)
SQLITE_DOWN = (
    "DROP TRIGGER entries_are_never_updated",
    "DROP TABLE message_search",
    "DROP TABLE contact_search",
)

POSTGRESQL = (
    """
    CREATE TABLE contact_search (
        workspace_id bigint, contact_id bigint, endings tsvector NOT NULL, PRIMARY KEY (workspace_id, contact_id)
    )
    """,
    "CREATE INDEX ix_contact_search_endings ON contact_search USING gin (endings)",
    """
    CREATE TABLE message_search (
        workspace_id bigint, message_id bigint, words tsvector NOT NULL, PRIMARY KEY (workspace_id, message_id)
    )
    """,
    "CREATE INDEX ix_message_search_words ON message_search USING gin (words)",
    """
    CREATE FUNCTION entries_are_never_updated() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'entries are never updated';
    END $$
    """,
    """
    CREATE TRIGGER entries_are_never_updated BEFORE UPDATE ON entries
    FOR EACH ROW EXECUTE FUNCTION entries_are_never_updated()
    """,
)
POSTGRESQL_DOWN = (
    "DROP TRIGGER entries_are_never_updated ON entries",
    "DROP FUNCTION entries_are_never_updated()",
    "DROP TABLE message_search",
    "DROP TABLE contact_search",
)


def _run(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    for statement in sqlite if op.get_bind().dialect.name == "sqlite" else postgresql:
        op.get_bind().exec_driver_sql(statement)


def upgrade() -> None:
    _run(SQLITE, POSTGRESQL)


def downgrade() -> None:
    _run(SQLITE_DOWN, POSTGRESQL_DOWN)
