"""SQLAlchemy Core on SQLite and PostgreSQL: one schema, the same statements, the same synchronous code on both.

- connect, database, sqlite, postgres, session: a database of a URL; run this function in a transaction
- schema, columns, records, query: tables from the domain's records; statements compiled once
- migrate, migrations/: alembic, run at start
- event_log, leases, work_queue, cursors: what workers and followers stand on
- inbox (view_query, ranges, sight), totals: the list of conversations and the numbers beside it
- thread_reads, thread_views, message_reads, contact_reads: what is shown of one thread, message or contact
- search, find: the search indexes: filling them, asking them
"""
