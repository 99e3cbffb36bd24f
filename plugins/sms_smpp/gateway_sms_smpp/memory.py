"""What a gateway must know again after a restart, kept in its store."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from gateway.sdk.context import Store
from gateway_sms_smpp.echoes import Echo, Echoes
from gateway_sms_smpp.receipt_ids import Habits, ReceiptIdForm, ReceiptIds
from gateway_sms_smpp.repeats import Repeats, Stored

UNDER_WAY = "under-way"
UNANSWERED = "unanswered"
DELIVERED = "delivered"
HABITS = "receipt-ids"
MINUTE = "minute"

# Seconds a send may be under way before it is written down. Where answers come faster nothing is ever written.
MOMENT = 0.05
# Longer than any send is under way, in milliseconds: what is older when a run ends was answered long ago.
_LONGEST_MS = 120_000
# Batches of sends under way, one a moment: two minutes of them. And of sends whose answer never came.
_KEPT_UNDER_WAY = 2_400
_KEPT_UNANSWERED = 10_000
# Batches of what was delivered, one a moment: more than the last minute of them. A minute of the run before goes on for
# no more than it leaves room for.
_KEPT_DELIVERED = 4_000
_LONGEST_MINUTE = 2_500
_PAGE = 1_000


class Memory:
    """Which attempts the echoed references mean, how the centre spells ids, and what it delivered last.

    A send that is not answered within a moment is written down, beside it and not before it, and once more when its
    answer is given up. `clock` is in milliseconds since the epoch.
    """

    def __init__(
        self,
        store: Store,
        echoes: Echoes,
        ids: ReceiptIds,
        repeats: Repeats,
        clock: Callable[[], int],
        trace: Callable[[str, str], None],
    ) -> None:
        self._store = store
        self._echoes = echoes
        self._ids = ids
        self._repeats = repeats
        self._clock = clock
        self._trace = trace
        self._habits = ids.habits
        self._written: set[str] = set()
        self._lost: list[Echo] = []
        self._news = asyncio.Event()
        self._turn_of_minute = asyncio.Lock()
        self._of_last_minute = 0  # batches in which something is that was named in the minute which goes on

    def noticed(self) -> None:
        """There may be something to keep."""
        self._news.set()

    async def recall(self) -> None:
        """Begin with what the run before knew. What was under way as it ended has lost its answer."""
        try:
            self._echoes.recall(_echo(row) for row in await self._rows(UNANSWERED))
            rows = await self._rows(UNDER_WAY)
            newest = max((row[2] for row in rows), default=0)
            lost = [row for row in rows if row[2] > newest - _LONGEST_MS]
            self._echoes.recall(map(_echo, lost))
            if lost:
                await self._store.append(UNANSWERED, lost, keep=_KEPT_UNANSWERED)
            self._recall_habits(await self._store.get(HABITS))
            batches = await self._batches(DELIVERED)
            last = await self._store.get(MINUTE)
            delivered = [Stored(*row) for row in _flat(batches)]
            self._repeats.recall(delivered, asyncio.get_running_loop().time(), last)
            self._of_last_minute = sum(any(row[1] == last for row in batch) for batch in batches)
        except Exception as error:  # noqa: BLE001  without a database there is still a bind
            self._trace("in", f"what the last run knew could not be read: {type(error).__name__}")

    async def begin_minute(self) -> None:
        """To be awaited before a delivery is named: once a minute in which something comes, it is written down."""
        if self._repeats.due() is None:
            return
        async with self._turn_of_minute:
            minute = self._repeats.due()
            if minute is not None:
                await asyncio.gather(self._keep_delivered(), self._try(self._store.put(MINUTE, minute)))
                self._repeats.begin(minute)

    async def run(self) -> None:
        """Keep what is new, a moment later, until cancelled."""
        while True:
            await self._news.wait()
            await asyncio.sleep(MOMENT)
            self._news.clear()
            await self.keep()

    async def keep(self) -> None:
        """Write down what is new."""
        await self._keep(UNDER_WAY, self._unwritten(), _KEPT_UNDER_WAY)
        await self._keep_lost()
        await self._keep_delivered()
        await self._keep_habits()

    def answered(self, attempt: str) -> None:
        """The centre said what it calls the message, or refused it."""
        self._written.discard(attempt)
        self._echoes.answered(attempt)

    async def unanswered(self, attempt: str) -> None:
        """The answer of a send is given up: from now on only its receipt can tell. It is kept when this returns."""
        self.abandoned(attempt)
        await self._keep_lost()

    def abandoned(self, attempt: str) -> None:
        """The same for who can't wait."""
        self._written.discard(attempt)
        echo = self._echoes.answered(attempt)
        if echo is not None:
            self._lost.append(echo)
            self.noticed()

    def _unwritten(self) -> list[Echo]:
        new = [echo for attempt, echo in self._echoes.open.items() if attempt not in self._written]
        self._written.update(echo.attempt for echo in new)
        return new

    async def _keep(self, journal: str, echoes: Sequence[Echo], most: int) -> None:
        if not echoes:
            return
        now = self._clock()
        await self._try(self._store.append(journal, [[echo.attempt, echo.mark, now] for echo in echoes], keep=most))

    async def _keep_lost(self) -> None:
        lost, self._lost = self._lost, []
        await self._keep(UNANSWERED, lost, _KEPT_UNANSWERED)

    async def _keep_delivered(self) -> None:
        if new := self._repeats.unwritten():
            rows = [[one.content, one.minute, one.number, one.at] for one in new]
            self._of_last_minute += 1
            if self._of_last_minute >= _LONGEST_MINUTE:
                self._repeats.end_minute()
            await self._try(self._store.append(DELIVERED, rows, keep=_KEPT_DELIVERED))

    async def _keep_habits(self) -> None:
        habits = self._ids.habits
        if habits == self._habits:
            return
        self._habits = habits
        await self._try(self._store.put(HABITS, {"scores": dict(habits.scores), "widths": list(habits.widths)}))

    async def _try(self, writing: Any) -> None:
        try:
            await writing
        except Exception as error:  # noqa: BLE001  it is evidence for later: no reason to fail what goes on now
            self._trace("out", f"what the next run should know could not be kept: {type(error).__name__}")

    async def _rows(self, journal: str) -> list[list[Any]]:
        return _flat(await self._batches(journal))

    async def _batches(self, journal: str) -> list[Sequence[list[Any]]]:
        batches: list[Sequence[list[Any]]] = []
        after = 0
        while page := await self._store.read(journal, after, _PAGE):
            batches += (value for _, value in page)
            after = page[-1][0]
        return batches

    def _recall_habits(self, kept: Any) -> None:
        if kept is not None:
            scores = tuple((ReceiptIdForm(form), int(score)) for form, score in kept["scores"].items())
            self._ids.recall(Habits(scores, tuple(map(int, kept["widths"]))))
        self._habits = self._ids.habits


def _flat(batches: Iterable[Sequence[list[Any]]]) -> list[list[Any]]:
    return [row for batch in batches for row in batch]


def _echo(row: Sequence[Any]) -> Echo:
    return Echo(str(row[0]), str(row[1]))
