"""The database: schema, migrations, the write path's statements and the read models."""
