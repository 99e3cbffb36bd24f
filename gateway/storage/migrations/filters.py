"""What autogenerate must not see: search tables and indexes that are made by hand, differently on each database."""

from collections.abc import MutableMapping
from typing import Any

_TABLES = ("contact_search", "message_search", "sqlite_")
_INDEXES = ("ix_contact_search_endings", "ix_message_search_words")


def include_name(name: str | None, type_: str, _parents: MutableMapping[Any, Any]) -> bool:
    """Alembic's hook: leaves out full-text tables, with the shadow tables SQLite keeps beside them."""
    return not (type_ == "table" and name is not None and name.startswith(_TABLES))


def include_object(_object: Any, name: str | None, type_: str, _reflected: bool, _compare_to: Any) -> bool:
    """Alembic's hook: leaves out indexes on expressions and of special kinds."""
    return not (type_ == "index" and name in _INDEXES)
