"""SQLAlchemy Core on SQLite and PostgreSQL: one schema, the same statements, the same synchronous code on both."""
