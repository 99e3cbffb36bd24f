"""Small facts of events, as the outside reads them: ids prefixed (JavaScript would round them), times written out."""

from collections.abc import Mapping
from typing import Any

from gateway.domain.ids import PREFIXES, format_id
from gateway.web.api.times import to_time

_NOUN_OF_KEY = {
    "into": "contact",
    "from": "contact",
    "previous": "conversation",
    "retry_of": "message",
    "from_user_id": "user",
    "from_group_id": "group",
}
_TIMES = frozenset({"until"})


def facts_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same facts with every id that is a number, and every time in milliseconds, written out."""
    noun = data.get("noun")
    return {key: _outside(key, value, noun) for key, value in data.items()}


def _outside(key: str, value: Any, noun: Any) -> Any:
    if key in _TIMES and isinstance(value, int):
        return to_time(value)
    named = noun if key == "id" else _NOUN_OF_KEY.get(key, key.removesuffix("_id").removesuffix("_ids"))
    if key != "id" and key not in _NOUN_OF_KEY and not key.endswith(("_id", "_ids")):
        return value
    prefix = PREFIXES.get(str(named), None)
    if isinstance(value, bool) or prefix is None:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(value, int):
        return format_id(prefix, value)
    if isinstance(value, list | tuple):
        return [format_id(prefix, one) if isinstance(one, int) else one for one in value]
    return value
