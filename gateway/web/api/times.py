"""Times and ids as the outside writes them."""

from datetime import UTC, datetime, timedelta

from gateway.core.errors import invalid
from gateway.domain.ids import PREFIXES, format_id, parse_id
from gateway.web import problems

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST_MS = 253_402_300_799_999  # 9999-12-31, the last day RFC 3339 can write


def to_time(ms: int) -> datetime:
    """RFC 3339 UTC, to the millisecond."""
    return _EPOCH + timedelta(milliseconds=min(ms, _LATEST_MS))


def to_time_or_none(ms: int | None) -> datetime | None:
    """Like `to_time`; None stays None."""
    return None if ms is None else to_time(ms)


def to_ms(time: datetime, field: str) -> int:
    """Milliseconds since the epoch. Refused (422) without an offset, or before 1970."""
    if time.tzinfo is None:
        raise invalid(field, "Say which offset the time is in, for example 2026-01-31T09:00:00Z.")
    ms = (time - _EPOCH) // timedelta(milliseconds=1)
    if ms < 0:
        raise invalid(field, "That time is before 1970.")
    return ms


def to_ms_or_none(time: datetime | None, field: str) -> int | None:
    """Like `to_ms`; None stays None."""
    return None if time is None else to_ms(time, field)


def to_id(noun: str, made: int) -> str:
    """The id of a `message`, `conversation`, ... as the outside sees it."""
    return format_id(PREFIXES[noun], made)


def to_id_or_none(noun: str, made: int | None) -> str | None:
    """Like `to_id`; None stays None."""
    return None if made is None else format_id(PREFIXES[noun], made)


def id_in_path(noun: str, text: str) -> int:
    """An id out of a URL. Problem 404 for anything that is none: there is nothing of that name."""
    try:
        return parse_id(text, PREFIXES[noun])
    except ValueError:
        raise problems.not_found(noun.replace("_", " ")) from None


def id_in_field(noun: str, text: str, field: str) -> int:
    """An id out of a body or a query. Refused (422) with the field's name."""
    try:
        return parse_id(text, PREFIXES[noun])
    except ValueError as error:
        raise invalid(field, f"{error}.") from None


def id_in_field_or_none(noun: str, text: str | None, field: str) -> int | None:
    """Like `id_in_field`; None stays None."""
    return None if text is None else id_in_field(noun, text, field)


def ids_in_field(noun: str, texts: list[str], field: str) -> tuple[int, ...]:
    """Several of them, in their order, each once."""
    return tuple(dict.fromkeys(id_in_field(noun, text, f"{field}[{i}]") for i, text in enumerate(texts)))
