"""Live fan-out: the log is read once a node, encoded once an event, and shared by every stream that may see it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import structlog

from gateway.core.directory import Directory
from gateway.domain.events import EventType
from gateway.domain.model import Event
from gateway.domain.policy import Policy
from gateway.domain.record import record
from gateway.domain.visibility import Viewer
from gateway.feed.metrics import FeedMetrics
from gateway.feed.sight import Sight, sight_of
from gateway.feed.stream import QUEUE, Stream
from gateway.feed.tail import EventTail
from gateway.feed.wakeups import EVENTS, Wakeups
from gateway.storage import event_log
from gateway.storage.database import Database, StorageUnavailable

COALESCE_S = 0.025
LOOK_S = 1.0
CHECK_S = 3.0
BATCH = 1_000
STREAMS_PER_USER = 10
STREAMS = 5_000

_log = structlog.get_logger(__name__)

Encode = Callable[[Event], bytes]
Check = Callable[[Sequence[Stream]], Awaitable[Sequence[Viewer | None]]]
"""Who each stream's credential stands for at this moment; None where it was revoked."""


class TooManyStreams(Exception):
    """This node has as many live streams as it takes; try again later."""


@record
class LiveLimits:
    """How many streams, how much is kept for one that doesn't read, and how long changes are gathered."""

    per_user: int = STREAMS_PER_USER
    per_node: int = STREAMS
    queue: int = QUEUE
    coalesce_s: float = COALESCE_S
    backlog: int = BATCH  # events a page may have missed and still be told one by one


@dataclass(slots=True)
class _Room:
    """One workspace's streams and how far its log was read for them."""

    tail: int
    streams: list[Stream] = field(default_factory=list)


class LiveHub:
    """`encode` and `encode_gone` make an event's frame; `check` says who a stream stands for at this moment."""

    def __init__(
        self,
        database: Database,
        directory: Directory,
        encode: Encode,
        encode_gone: Encode,
        check: Check,
        metrics: FeedMetrics,
        limits: LiveLimits = LiveLimits(),
        tail: EventTail | None = None,
    ) -> None:
        self._database = database
        self._directory = directory
        self._encode = encode
        self._encode_gone = encode_gone
        self._check = check
        self._metrics = metrics
        self._limits = limits
        self._tail = tail or EventTail()
        self._rooms: dict[int, _Room] = {}
        self._recheck = asyncio.Event()

    @property
    def streams(self) -> int:
        """How many are open on this node."""
        return sum(len(room.streams) for room in self._rooms.values())

    async def open(self, workspace_id: int, viewer: Viewer, credential: str, after: int | None) -> Stream:
        """A stream of what happens after position `after` (None: from now on). Raises TooManyStreams.

        Of a user's streams beyond their number the oldest is closed. Close it with `leave`.
        """
        if self.streams >= self._limits.per_node:
            raise TooManyStreams
        if workspace_id not in self._rooms:
            head = await self._database.read(partial(event_log.head, workspace_id=workspace_id))
            self._rooms.setdefault(workspace_id, _Room(head))
        room = self._rooms[workspace_id]
        seen = room.tail if after is None else after
        stream = Stream(workspace_id, viewer, credential, max(seen, room.tail), self._limits.queue)
        self._make_place(room, viewer.user_id)
        room.streams.append(stream)
        self._metrics.live_streams.set(self.streams)
        if seen < stream.start:
            await self._catch_up(stream, seen)
        return stream

    def leave(self, stream: Stream) -> None:
        """The listener is gone."""
        stream.close()
        room = self._rooms.get(stream.workspace_id)
        if room is not None and stream in room.streams:
            room.streams.remove(stream)
            if not room.streams:
                del self._rooms[stream.workspace_id]
        self._metrics.live_streams.set(self.streams)

    def whisper(self, workspace_id: int, user_id: int, frame: bytes) -> None:
        """Writes a frame to the pages one user has open on this node: what concerns them alone, and no log keeps."""
        room = self._rooms.get(workspace_id)
        for stream in room.streams if room is not None else ():
            if stream.viewer.user_id == user_id:
                stream.offer(frame)

    async def run(self, wakeups: Wakeups) -> None:
        """Reads and fans out until cancelled; then every stream ends."""
        bell = wakeups.listen(EVENTS)
        checking = asyncio.create_task(self._keep_checking(), name="live check")
        try:
            while True:
                await bell.wait(LOOK_S)
                await asyncio.sleep(self._limits.coalesce_s)
                try:
                    await self.look()
                except StorageUnavailable:
                    continue
                except Exception:  # noqa: BLE001  the streams stay; the next round reads from the same position
                    _log.exception("live fan-out failed")
        finally:
            checking.cancel()
            bell.close()
            for room in list(self._rooms.values()):
                for stream in list(room.streams):
                    self.leave(stream)

    async def look(self) -> None:
        """One round: whatever was appended since the last one goes out."""
        for workspace_id, room in list(self._rooms.items()):
            while True:
                events = self._tail.after(workspace_id, room.tail, BATCH)
                if not events:
                    read = partial(event_log.after, workspace_id=workspace_id, position=room.tail, limit=BATCH)
                    events = await self._database.read(read)
                if not events:
                    break
                policy = (await self._directory.get(workspace_id)).policy
                room.tail = events[-1].position
                self._fan_out(room, events, policy)

    async def check(self) -> None:
        """Asks whether everyone who listens still may, and as whom."""
        streams = [stream for room in self._rooms.values() for stream in room.streams]
        if not streams:
            return
        for stream, viewer in zip(streams, await self._check(streams), strict=True):
            if viewer is None:
                self.leave(stream)
            else:
                stream.viewer = viewer

    async def _keep_checking(self) -> None:
        while True:
            try:
                async with asyncio.timeout(CHECK_S):
                    await self._recheck.wait()
            except TimeoutError:
                pass
            self._recheck.clear()
            try:
                await self.check()
            except Exception as error:  # noqa: BLE001  asked again in a moment
                _log.warning("live streams not checked", error=type(error).__name__)

    def _fan_out(self, room: _Room, events: Sequence[Event], policy: Policy) -> None:
        self._metrics.live_events.inc(len(events))
        if any(event.type == EventType.SETTINGS_CHANGED for event in events):
            self._recheck.set()
        frames = _Frames(events, self._encode, self._encode_gone)
        for stream in room.streams:
            chunk = frames.for_viewer(stream.viewer, policy, stream.start)
            if chunk:
                self._metrics.live_frames.inc()
                if not stream.offer(chunk):
                    self._metrics.live_dropped.inc()

    async def _catch_up(self, stream: Stream, seen: int) -> None:
        """Everything between what the page has seen and where the live stream begins; too much of it means reload."""
        read = partial(event_log.after, workspace_id=stream.workspace_id, position=seen, limit=self._limits.backlog + 1)
        missed = [event for event in await self._database.read(read) if event.position <= stream.start]
        if len(missed) > self._limits.backlog:
            stream.reload()
            return
        policy = (await self._directory.get(stream.workspace_id)).policy
        frames = _Frames(missed, self._encode, self._encode_gone)
        stream.begin_with(frames.for_viewer(stream.viewer, policy, seen))

    def _make_place(self, room: _Room, user_id: int) -> None:
        own = [stream for stream in room.streams if stream.viewer.user_id == user_id]
        for stream in own[: max(0, len(own) - self._limits.per_user + 1)]:
            stream.close()
            room.streams.remove(stream)


class _Frames:
    """A batch's frames, each made at most once, and the joined octets of each set of them that some viewer sees."""

    def __init__(self, events: Sequence[Event], encode: Encode, encode_gone: Encode) -> None:
        self._events = events
        self._at = {event.position: event for event in events}
        self._encode = {Sight.SEEN: encode, Sight.GONE: encode_gone}
        self._made: dict[tuple[int, Sight], bytes] = {}
        self._joined: dict[tuple[tuple[int, Sight], ...], bytes] = {}
        self._before = events[0].position - 1 if events else 0
        self._seen: dict[tuple[Viewer, int], bytes] = {}

    def for_viewer(self, viewer: Viewer, policy: Policy, beyond: int) -> bytes:
        """What a viewer is written of this batch, beyond a position; a person's pages are written the same."""
        whose = (viewer, max(beyond, self._before))
        found = self._seen.get(whose)
        if found is None:
            found = self._seen[whose] = self._visible(viewer, policy, beyond)
        return found

    def _visible(self, viewer: Viewer, policy: Policy, beyond: int) -> bytes:
        sights = ((event.position, sight_of(viewer, event, policy)) for event in self._events)
        key = tuple(one for one in sights if one[0] > beyond and one[1] is not Sight.UNSEEN)
        joined = self._joined.get(key)
        if joined is None:
            joined = self._joined[key] = b"".join(map(self._frame, key))
        return joined

    def _frame(self, key: tuple[int, Sight]) -> bytes:
        if key not in self._made:
            position, sight = key
            self._made[key] = self._encode[sight](self._at[position])
        return self._made[key]
