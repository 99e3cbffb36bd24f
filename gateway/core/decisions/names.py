"""Names that people give to things: of a sensible length, and one thing of a kind to a name."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar

from gateway.core.errors import conflict, invalid
from gateway.domain.prices import PriceError, parse_prices

LONGEST = 200


class Named(Protocol):
    """A record with a name, and the time it was removed."""

    @property
    def id(self) -> int: ...

    @property
    def name(self) -> str: ...

    @property
    def removed_at(self) -> int | None: ...


R = TypeVar("R")


def checked_name(name: str, field: str = "name") -> str:
    """The name without blanks around it; 422 for an empty or an endless one."""
    plain = name.strip()
    if not 1 <= len(plain) <= LONGEST:
        raise invalid(field, f"A name has 1 to {LONGEST} characters; this one has {len(plain)}.")
    return plain


def require_free(noun: str, name: str, known: Iterable[Named], own_id: int | None = None) -> None:
    """409 when something else of the kind has that name, in whatever case."""
    wanted = name.casefold()
    for one in known:
        if one.removed_at is None and one.id != own_id and one.name.casefold() == wanted:
            raise conflict("name-taken", f"There is a {noun} called “{one.name}” already. Choose another name.")


def require_live(field: str, noun: str, ids: Iterable[int], known: Mapping[int, Any]) -> tuple[int, ...]:
    """The ids as they were given; 422 for one that is unknown or removed, or is there twice."""
    given = tuple(ids)
    for one in given:
        if one not in known or known[one].removed_at is not None:
            raise invalid(field, f"There is no such {noun}.", "not-found")
    if len(set(given)) != len(given):
        raise invalid(field, f"The same {noun} is there twice.", "repeated")
    return given


def checked_rate(rate: float | None) -> float | None:
    """Parts or requests a second: more than none; None for no limit of its own."""
    if rate is not None and not 0 < rate < float("inf"):
        raise invalid("rate", "A rate is a number greater than 0; leave it out for no limit.")
    return rate


def checked_text(field: str, text: str | None, longest: int) -> str | None:
    """A text of at most that many characters; an empty one is none."""
    if text is None or not text.strip():
        return None
    if len(text) > longest:
        raise invalid(field, f"At most {longest} characters; this has {len(text)}.")
    return text


def checked_prices(prices: Mapping[str, Any]) -> dict[str, Any]:
    """A price table (`domain/prices.py`), or 422 with the place in it that is none."""
    try:
        return parse_prices(prices)
    except PriceError as error:
        raise invalid(f"prices.{error.field}", error.message) from error
