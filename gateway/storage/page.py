"""Keyset pages: a page says where the next one begins, so that the thousandth costs what the first did."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import msgspec

from gateway.domain.record import record

T = TypeVar("T")

LARGEST_PAGE = 200


class BadCursor(ValueError):
    """The cursor was not made by this list: leave it out to begin again."""


@record(gc=True)
class Page(Generic[T]):
    """Some items, and the opaque cursor of the next page; None on the last."""

    items: Sequence[T]
    next: str | None


def page_size(limit: int) -> int:
    """A size asked for, kept between 1 and 200."""
    return min(max(limit, 1), LARGEST_PAGE)


def write_cursor(order: str, key: Any, id_: int) -> str:
    """An opaque cursor for a place in an order."""
    return base64.urlsafe_b64encode(msgspec.json.encode([order, key, id_])).decode().rstrip("=")


def read_cursor(text: str, order: str, key: type[int] | type[str]) -> tuple[Any, int]:
    """The place a cursor names. BadCursor if it was made for another order, or by nobody."""
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        found, place, id_ = msgspec.json.decode(plain, type=tuple[str, str | int, int])
    except (binascii.Error, msgspec.MsgspecError, ValueError) as error:
        raise BadCursor("This cursor was not made by this list") from error
    if found != order or not isinstance(place, key):
        raise BadCursor("This cursor was made for another order")
    return place, id_
