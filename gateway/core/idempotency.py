"""The same POST twice: the second is answered as the first was, from the same transaction."""

from collections.abc import Callable
from typing import Any

from gateway.domain.record import record


@record(gc=True)
class Idempotency:
    """A client's key for one POST. `digest` is of method, path and body; `render` makes the answer of the result.

    `render` runs in the writer's transaction and must be pure, so that the answer is stored with the change.
    """

    key: str
    digest: str
    status: int
    render: Callable[[Any], bytes]


class Replayed(Exception):
    """Not an error: this key was answered before, with this."""

    def __init__(self, status: int, answer: bytes) -> None:
        super().__init__("answered before")
        self.status = status
        self.answer = answer
