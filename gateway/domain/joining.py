"""Joining the parts of a long message, whichever order they come in and however often."""

from collections.abc import Mapping

from gateway.domain.encoding import mend_surrogates
from gateway.domain.record import record

MISSING = "[\N{HORIZONTAL ELLIPSIS}]"


@record
class Concat:
    """What a part says of itself: the message's `reference`, its `total` of parts, and its own `index` from 1."""

    reference: int
    total: int
    index: int

    @property
    def is_long(self) -> bool:
        """Whether this makes sense as one part of several; if not, its text is a message of its own."""
        return self.total > 1 and 1 <= self.index <= self.total


@record
class Assembly:
    """The parts of one message that have come so far, by index.

    Whose message it is stands outside: the same reference is used again and by others, so the key is (gateway account,
    source, destination, reference, total).
    """

    total: int
    parts: Mapping[int, str]

    def add(self, concat: Concat, text: str) -> "Assembly | None":
        """The assembly with this part in it; of a part that comes twice the first stands.

        None if the part can't belong here (one of one, an index out of range, another total): it is a message of its
        own.
        """
        if not concat.is_long or concat.total != self.total:
            return None
        return self if concat.index in self.parts else Assembly(self.total, {**self.parts, concat.index: text})

    @property
    def missing(self) -> tuple[int, ...]:
        """The indexes still to come, in order."""
        return tuple(index for index in range(1, self.total + 1) if index not in self.parts)

    @property
    def text(self) -> str | None:
        """The whole text, or None while a part is missing."""
        return join(self.parts, self.total)

    @property
    def so_far(self) -> str:
        """What there is, with `[...]` for each part that is missing: shown when the rest doesn't come."""
        return mend_surrogates("".join(self.parts.get(index, MISSING) for index in range(1, self.total + 1)))


def join(parts: Mapping[int, str], total: int) -> str | None:
    """The text of `parts` (by index from 1), or None unless all `total` are there; others are ignored.

    A character whose halves came in two parts is whole again.
    """
    if total < 1 or any(index not in parts for index in range(1, total + 1)):
        return None
    return mend_surrogates("".join(parts[index] for index in range(1, total + 1)))
