"""Telling a message that is delivered again from one that is written again: deliver_sm carries no id of its own."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from gateway_sms_smpp.deliveries import Delivery, Link

# Messages remembered; seconds before the end of a connection in which an answer may have been lost with it; and seconds
# for which a centre may try again.
REMEMBERED = 50_000
_LOST_WITH_LINK = 5.0
_RETRIED_FOR = 3600.0

_HEADER = 16
_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Stored:
    """A delivery that is durable, as it is written down: a digest of its octets, and when it came and was stored."""

    content: str
    minute: int
    number: int
    at: int


@dataclass(frozen=True, slots=True)
class _Ended:
    """The connection of a run that is over; it ended when the next one began, for all that is known."""

    ended_at: float | None

    def time(self) -> float:
        return self.ended_at or 0.0


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
    a repetition within the minute is known by its name even where nothing is remembered. What was stored last before a
    run ended is recalled by the next one (`unwritten`, `recall`), but for what came in its last moment. That had the
    names of the run's last minute, which is written down before it is used (`due`, `begin`): what comes unrecalled is
    given the name that it would have had then. So that minute goes on (`goes_on`) for the next run, for an hour or
    until `end_minute`, and is still the last one for the run after that. Every name begins with `prefix`: gateways of
    one account, which share names, may each get the same words once.
    """

    def __init__(self, clock: Callable[[], int], prefix: str = "") -> None:
        self._clock = clock
        self._prefix = prefix
        self._seen: OrderedDict[bytes, _Seen] = OrderedDict()
        self._unwritten: list[Stored] = []
        self._minute: int | None = None
        self._last: int | None = None  # the minute in which the run before ended, while it goes on

    def due(self) -> int | None:
        """The minute that must be written down before anything is named in it; None when it is."""
        if self.goes_on:
            return None
        minute = self._clock() // _MINUTE_MS
        return None if minute == self._minute else minute

    @property
    def goes_on(self) -> bool:
        """Whether the minute in which the run before ended is still the one that names are given in."""
        return self._last is not None and self._clock() // _MINUTE_MS - self._last < _RETRIED_FOR / 60

    def end_minute(self) -> None:
        """It has gone on for long enough: not everything that was named in it could be recalled by the next run."""
        self._last = None

    def begin(self, minute: int) -> None:
        """It is written down, as far as that was possible."""
        self._minute = minute

    def name(self, delivery: Delivery) -> str:
        """The name of a delivery that has just come."""
        content = _content(delivery)
        before = self._seen.get(content)
        if before is not None and before.may_come_again(delivery.link.time()):
            before.link = delivery.link
            return self._name(content, before)
        minute = self._clock() // _MINUTE_MS if self._minute is None else self._minute
        if self._last is not None and self.goes_on and (before is None or before.minute == self._last):
            minute = self._last
        number = before.number + 1 if before is not None and before.minute == minute else 0
        return self._name(content, self._remember(content, _Seen(minute, number, delivery.link)))

    def stored(self, delivery: Delivery) -> None:
        """It is durable and about to be answered."""
        content = _content(delivery)
        seen = self._seen.get(content)
        if seen is not None:
            seen.stored_at = delivery.link.time()
            self._unwritten.append(Stored(content.hex(), seen.minute, seen.number, self._clock()))
            del self._unwritten[:-REMEMBERED]

    def unwritten(self) -> list[Stored]:
        """What was stored since this was last asked."""
        new, self._unwritten = self._unwritten, []
        return new

    def recall(self, rows: Sequence[Stored], now: float, last: int | None = None) -> None:
        """What the run before stored last, whose answers may have been lost with it. `now` is by the clock of links.

        `last` is the minute in which it ended. All that was named in it is among `rows`, but for the last moment.
        """
        self._last = last
        newest = max((row.at for row in rows), default=0)
        if self._clock() - newest > _RETRIED_FOR * 1000:
            return
        for row in rows:
            lost = newest - row.at < _LOST_WITH_LINK * 1000
            if lost or row.minute == last:
                link = _Ended(now if lost else None)
                self._remember(bytes.fromhex(row.content), _Seen(row.minute, row.number, link, now))

    def _remember(self, content: bytes, seen: _Seen) -> _Seen:
        self._seen[content] = seen
        self._seen.move_to_end(content)
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
            self._last = None  # what is forgotten would be taken for what was never recalled
        return seen

    def _name(self, content: bytes, seen: _Seen) -> str:
        return f"{self._prefix}{content.hex()}-{seen.minute}-{seen.number}"


def _content(delivery: Delivery) -> bytes:
    """Everything but the header, whose sequence_number is new each time."""
    return sha256(delivery.raw[_HEADER:]).digest()[:16]
