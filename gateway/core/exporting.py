"""A workspace's data as lines of JSON, `{"type": ..., ...}`, for the command line, the page and the API."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import msgspec

from gateway.storage.database import Database
from gateway.storage.export import Place, export_rows


async def exported(database: Database, workspace_id: int) -> AsyncIterator[list[dict[str, Any]]]:
    """Pieces of at most some hundred records. Sealed settings are left out: they open nowhere else.

    What changes meanwhile may be in it as it was or as it is.
    """
    place: Place | None = None
    while True:
        rows, place = await database.read(partial(export_rows, workspace_id=workspace_id, place=place))
        if rows:
            yield [_line(kind, fields) for kind, fields in rows]
        if place is None:
            return


def as_lines(piece: list[dict[str, Any]]) -> bytes:
    """Each record as a line with its end."""
    return b"".join(msgspec.json.encode(one) + b"\n" for one in piece)


def _line(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    """A record that has a type of its own says it as `event_type`."""
    plain = _open(fields)
    if "type" in plain:
        plain[f"{kind}_type"] = plain.pop("type")
    return {"type": kind, **plain}


def _open(value: Any) -> Any:
    """The same without what is sealed (`host/settings.py`), however deep it stands."""
    plain = msgspec.to_builtins(value)
    if isinstance(plain, dict):
        return {name: _open(one) for name, one in plain.items() if not _is_sealed(one)}
    if isinstance(plain, list):
        return [_open(one) for one in plain if not _is_sealed(one)]
    return plain


def _is_sealed(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"sealed"}
