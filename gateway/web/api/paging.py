"""Keyset pages: `?limit=` up to 200, `?cursor=` for what follows."""

import base64
from collections.abc import Callable, Iterable
from typing import Annotated, Any, TypeVar

import msgspec

from gateway.core.errors import invalid
from gateway.web.api.route import Page

R = TypeVar("R")
S = TypeVar("S")

DEFAULT = 50
Limit = Annotated[int, msgspec.Meta(ge=1, le=200, description="How many at most.")]
Cursor = Annotated[
    str, msgspec.Meta(max_length=1000, pattern="^[A-Za-z0-9_-]+$", description="`next` of the page before.")
]


class PageQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which page of a list."""

    limit: Limit = DEFAULT
    cursor: Cursor | None = None


def write_cursor(*values: Any) -> str:
    """Where a page ended, opaque to whoever sends it back."""
    return base64.urlsafe_b64encode(msgspec.json.encode(values)).rstrip(b"=").decode()


def read_cursor(cursor: str | None, *kinds: type[Any]) -> tuple[Any, ...] | None:
    """The values of a cursor of ours. Refused (422) for anything else."""
    if cursor is None:
        return None
    try:
        content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        values: tuple[Any, ...] = msgspec.json.decode(content, type=tuple[kinds])  # type: ignore[valid-type]
    except (ValueError, msgspec.DecodeError):
        raise invalid("cursor", "This is not a cursor of this list.") from None
    return values


def page_of(records: Iterable[R], query: PageQuery, shape: Callable[[R], S], key: Callable[[R], int]) -> Page[S]:
    """A page of what is in memory anyway, in the order of `key` (an id)."""
    after = read_cursor(query.cursor, int)
    ordered = sorted((record for record in records if after is None or key(record) > after[0]), key=key)
    return page_from(ordered[: query.limit + 1], query.limit, shape, lambda record: write_cursor(key(record)))


def page_from(found: list[R], limit: int, shape: Callable[[R], S], cursor: Callable[[R], str]) -> Page[S]:
    """A page of what a read model gave when it was asked for one more than `limit`."""
    more = len(found) > limit
    shown = found[:limit]
    return Page([shape(record) for record in shown], cursor(shown[-1]) if more else None)
