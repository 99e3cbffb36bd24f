"""Small JSON documents of plugins, each in the namespace of its workspace, plugin and gateway (0: the plugin's own).

A journal is a row of documents whose keys are its name and a growing number, for what is appended and read in order.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Integer, Text, bindparam, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from gateway.domain.record import record
from gateway.storage.columns import to_json
from gateway.storage.query import POSTGRESQL, Query
from gateway.storage.schema import plugin_documents as documents
from gateway.storage.session import Session

_DIGITS = 16


@record
class Namespace:
    """Whose documents."""

    workspace_id: int
    plugin: str
    gateway_id: int


_its = (
    (documents.c.workspace_id == bindparam("its_workspace"))
    & (documents.c.plugin == bindparam("its_plugin"))
    & (documents.c.gateway_id == bindparam("its_gateway"))
)
_GET = Query(select(documents.c.value).where(_its, documents.c.key == bindparam("its_key")))
_DELETE = Query(delete(documents).where(_its, documents.c.key == bindparam("its_key")))
_new = insert(documents).values({column.name: bindparam(column.name) for column in documents.columns})
_PUT = Query(
    _new.on_conflict_do_update(
        index_elements=["workspace_id", "plugin", "gateway_id", "key"], set_={"value": _new.excluded.value}
    )
)
# The prefix is compared by itself: a database's own collation may look past a slash. Digits sort alike in all of them.
_between = (
    _its,
    func.substr(documents.c.key, 1, bindparam("width", type_=Integer)) == bindparam("prefix"),
    documents.c.key > bindparam("after_key"),
    documents.c.key <= bindparam("last_key"),
)
_AFTER = Query(
    select(documents.c.key, documents.c.value)
    .where(*_between)
    .order_by(documents.c.key)
    .limit(bindparam("limit", type_=BigInteger))
)
_LAST = Query(
    select(documents.c.key)
    .where(*_between)
    .order_by(documents.c.key.desc())
    .limit(bindparam("limit", type_=BigInteger))
)
_TRIM = Query(delete(documents).where(*_between))
_LOCK = Query(
    text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))").bindparams(bindparam("name", type_=Text))
)


def get(session: Session, namespace: Namespace, key: str) -> Any:
    """A document, or None."""
    value = session.scalar(_GET, **_names(namespace), its_key=key)
    return None if value is None else msgspec.json.decode(value)


def put(session: Session, namespace: Namespace, key: str, value: Any) -> None:
    """Stores a document, in place of what was there."""
    session.run(
        _PUT,
        workspace_id=namespace.workspace_id,
        plugin=namespace.plugin,
        gateway_id=namespace.gateway_id,
        key=key,
        value=to_json(value),
    )


def remove(session: Session, namespace: Namespace, key: str) -> None:
    """Forgets a document."""
    session.run(_DELETE, **_names(namespace), its_key=key)


def append(session: Session, namespace: Namespace, journal: str, values: Sequence[Any], keep: int) -> list[int]:
    """Appends to a journal and returns the values' positions, growing in commit order; the oldest beyond `keep` go."""
    if session.dialect == POSTGRESQL:
        name = f"journal {namespace.workspace_id} {namespace.plugin} {namespace.gateway_id} {journal}"
        session.rows(_LOCK, name=name)
    last = session.scalar(_LAST, **_names(namespace), **_range(journal, 0), limit=1)
    first = (int(last.rpartition("/")[2]) if last else 0) + 1
    positions = list(range(first, first + len(values)))
    for position, value in zip(positions, values, strict=True):
        put(session, namespace, _key(journal, position), value)
    if positions and positions[-1] > keep:
        session.run(_TRIM, **_names(namespace), **_range(journal, 0, positions[-1] - keep))
    return positions


def read(session: Session, namespace: Namespace, journal: str, after: int, limit: int) -> list[tuple[int, Any]]:
    """Up to `limit` (position, value) of a journal beyond `after`, ascending."""
    rows = session.rows(_AFTER, **_names(namespace), **_range(journal, after), limit=limit)
    return [(int(key.rpartition("/")[2]), msgspec.json.decode(value)) for key, value in rows]


def _names(namespace: Namespace) -> dict[str, Any]:
    return {
        "its_workspace": namespace.workspace_id,
        "its_plugin": namespace.plugin,
        "its_gateway": namespace.gateway_id,
    }


def _key(journal: str, position: int) -> str:
    return f"{journal}/{position:0{_DIGITS}d}"


def _range(journal: str, after: int, last: int = 10**_DIGITS - 1) -> dict[str, Any]:
    """Parameters for the positions beyond `after`, up to and including `last`."""
    prefix = f"{journal}/"
    return {
        "width": len(prefix),
        "prefix": prefix,
        "after_key": _key(journal, after),
        "last_key": _key(journal, last),
    }
