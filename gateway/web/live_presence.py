"""Who looks at which conversation now, on this node. In memory only: nothing about it is worth keeping."""

from collections.abc import Callable
from typing import Final

import msgspec

from gateway.domain.ids import format_id
from gateway.domain.people import User
from gateway.domain.record import record
from gateway.feed.stream import Stream

SEEN_S: Final = 45.0  # pages say so every 20 s
TYPING_S: Final = 6.0


class Present(msgspec.Struct, frozen=True):
    """One person at a conversation."""

    id: str
    name: str
    typing: bool


class Told(msgspec.Struct, frozen=True):
    """Everybody at a conversation."""

    conversation: str
    people: tuple[Present, ...]


@record
class _Seat:
    conversation_id: int
    seen: float
    typing: float


class Presence:
    """People by conversation. `monotonic` gives seconds that never jump."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._streams: dict[Stream, User] = {}
        self._seats: dict[int, _Seat] = {}

    def join(self, stream: Stream, user: User) -> None:
        """A page listens."""
        self._streams[stream] = user

    def leave(self, stream: Stream) -> None:
        """A page is gone; with a user's last page their seat is free."""
        user = self._streams.pop(stream, None)
        if user is None or any(other.id == user.id for other in self._streams.values()):
            return
        seat = self._seats.pop(user.id, None)
        if seat is not None:
            self._tell(seat.conversation_id)

    def see(self, user: User, conversation_id: int, *, typing: bool) -> None:
        """Somebody has a conversation open now, and one only: the one last told of."""
        now = self._monotonic()
        before = self._seats.get(user.id)
        self._seats[user.id] = _Seat(conversation_id, now, now if typing else -TYPING_S)
        if before is not None and before.conversation_id != conversation_id:
            self._tell(before.conversation_id)
        self._tell(conversation_id)

    def _tell(self, conversation_id: int) -> None:
        """The people there, to the people there."""
        now = self._monotonic()
        here = {
            user_id: seat
            for user_id, seat in self._seats.items()
            if seat.conversation_id == conversation_id and now - seat.seen < SEEN_S
        }
        names = {user.id: user.name for user in self._streams.values()}
        people = tuple(
            Present(format_id("usr", user_id), names.get(user_id, "Somebody"), now - seat.typing < TYPING_S)
            for user_id, seat in here.items()
        )
        told = Told(format_id("cnv", conversation_id), people)
        frame = b"event: presence\ndata: %b\n\n" % msgspec.json.encode(told)
        for stream, user in self._streams.items():
            if user.id in here:
                stream.offer(frame)
