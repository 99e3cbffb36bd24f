"""Small facts of events, as the outside reads them: ids prefixed, so that JavaScript can't round them."""

from collections.abc import Mapping
from typing import Any

from gateway.domain.ids import PREFIXES, format_id

_NOUN_OF_KEY = {"into": "contact", "from": "contact", "previous": "conversation", "retry_of": "message"}


def facts_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same facts with every id that is a number written out."""
    noun = data.get("noun")
    return {key: _outside(key, value, noun) for key, value in data.items()}


def _outside(key: str, value: Any, noun: Any) -> Any:
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
