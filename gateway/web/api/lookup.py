"""Finding what a request names among the workspace's settings, and leaving alone what it doesn't mention."""

from collections.abc import Mapping
from typing import Any, TypeVar

from gateway.core.commands.base import UNCHANGED
from gateway.web import problems
from gateway.web.api.inputs import UNSET

R = TypeVar("R")


def live_record(records: Mapping[int, R], made: int, noun: str) -> R:
    """The record of that id. Problem 404 when there is none, or it was removed."""
    found = records.get(made)
    if found is None or getattr(found, "removed_at", None) is not None:
        raise problems.not_found(noun)
    return found


def changed(value: Any) -> Any:
    """A field of a PATCH for its command: what was not sent is left alone."""
    return UNCHANGED if value is UNSET else value
