"""Search indexes, which each database has in its own way, and the rule that entries are never updated."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Rowids are the ids of contacts and messages, so the newest come first without sorting.
SQLITE = (
    "CREATE VIRTUAL TABLE contact_search USING fts5(words, tokenize='trigram', columnsize=0)",
    """
    CREATE VIRTUAL TABLE message_search
    USING fts5(words, tokenize='unicode61 remove_diacritics 2', prefix='3', columnsize=0)
    """,
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

# Without the right to create pg_trgm, fragments are found by reading all names: slower, and as right.
POSTGRESQL = (
    """
    DO $$ BEGIN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
    EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
        RAISE NOTICE 'pg_trgm is not available';
    END $$
    """,
    """
    DO $$ BEGIN
        IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
            CREATE INDEX ix_contact_names_words ON contact_names USING gin (words gin_trgm_ops);
        END IF;
    END $$
    """,
    """
    CREATE INDEX ix_addresses_reversed ON addresses (workspace_id, reverse(value) text_pattern_ops)
    WHERE removed_at IS NULL
    """,
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
    "DROP INDEX ix_addresses_reversed",
    "DROP INDEX IF EXISTS ix_contact_names_words",
)


def _run(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    for statement in sqlite if op.get_bind().dialect.name == "sqlite" else postgresql:
        op.get_bind().exec_driver_sql(statement)


def upgrade() -> None:
    _run(SQLITE, POSTGRESQL)


def downgrade() -> None:
    _run(SQLITE_DOWN, POSTGRESQL_DOWN)
