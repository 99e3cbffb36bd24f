"""Telling a message that is delivered again from one that is written again: deliver_sm carries no id of its own."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from gateway_sms_smpp.deliveries import Delivery, Link

# Messages remembered; seconds before the end of a connection in which an answer may have been lost with it; and seconds
# for which a centre may try again.
_REMEMBERED = 10_000
_LOST_WITH_LINK = 5.0
_RETRIED_FOR = 3600.0

_HEADER = 16
_MINUTE_MS = 60_000


@dataclass(slots=True)
class _Seen:
    minute: int
    number: int
    link: Link
    stored_at: float | None = None

    def may_come_again(self, now: float) -> bool:
        """Whether the centre may not know that it was stored."""
        if self.stored_at is None:
            return True
        ended_at = self.link.ended_at
        if ended_at is None or now - self.stored_at > _RETRIED_FOR:
            return False
        return ended_at - self.stored_at < _LOST_WITH_LINK


class Repeats:
    """Names for deliveries: the same octets get the same name while the centre may be repeating itself, else a new one.

    A name holds the minute of the first delivery (`clock`, milliseconds since the epoch) and a number within it. So
    after a restart, when nothing is remembered, a repetition within the minute is still known by its name. Every name
    begins with `prefix`: gateways of one account, which share names, may each get the same words once.
    """

    def __init__(self, clock: Callable[[], int], prefix: str = "") -> None:
        self._clock = clock
        self._prefix = prefix
        self._seen: OrderedDict[bytes, _Seen] = OrderedDict()

    def name(self, delivery: Delivery) -> str:
        """The name of a delivery that has just come."""
        content = _content(delivery)
        before = self._seen.get(content)
        if before is not None and before.may_come_again(delivery.link.time()):
            before.link = delivery.link
            return self._name(content, before)
        minute = self._clock() // _MINUTE_MS
        number = before.number + 1 if before is not None and before.minute == minute else 0
        self._seen[content] = seen = _Seen(minute, number, delivery.link)
        self._seen.move_to_end(content)
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return self._name(content, seen)

    def stored(self, delivery: Delivery) -> None:
        """It is durable and about to be answered."""
        seen = self._seen.get(_content(delivery))
        if seen is not None:
            seen.stored_at = delivery.link.time()

    def _name(self, content: bytes, seen: _Seen) -> str:
        return f"{self._prefix}{content.hex()}-{seen.minute}-{seen.number}"


def _content(delivery: Delivery) -> bytes:
    """Everything but the header, whose sequence_number is new each time."""
    return sha256(delivery.raw[_HEADER:]).digest()[:16]
