"""All loops of the worker role: started together, begun again when one breaks, drained together."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog

from gateway.domain.record import record
from gateway.host.pace import Pace
from gateway.workers.janitor import Janitor
from gateway.workers.recovery import Recovery
from gateway.workers.runner import Runner
from gateway.workers.sender import SenderWorker
from gateway.workers.under_way import Wait

DRAIN_S = 25.0
_AGAIN_S = 1.0

_log = structlog.get_logger(__name__)

Loop = Callable[[], Awaitable[None]]


@record(gc=True)
class Topic:
    """One kind of wake-up: `listen` makes an ear for it, `wake` rings all of them."""

    listen: Callable[[], Wait]
    wake: Callable[[], None]


class Crew:
    """`sends` and `work` are what the sender and the runner are woken by: each makes an ear, and rings it."""

    def __init__(
        self,
        sender: SenderWorker,
        runner: Runner,
        recovery: Recovery,
        janitor: Janitor,
        sends: Topic,
        work: Topic,
        pace: Pace,
    ) -> None:
        self._sender = sender
        self._runner = runner
        self._pace = pace
        self._loops: Mapping[str, Loop] = {
            "sender": lambda: sender.run(sends.listen(), sends.wake),
            "runner": lambda: runner.run(work.listen(), work.wake),
            "recovery": recovery.run,
            "janitor": janitor.run,
        }
        self._topics = (sends, work)
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def start(self) -> None:
        """Begins to work."""
        for name, loop in self._loops.items():
            self._tasks[name] = asyncio.create_task(self._keep(name, loop), name=name)

    async def stop(self, seconds: float = DRAIN_S) -> None:
        """Finishes what is under way, within that time, and begins nothing new."""
        draining = (self._sender.drain(seconds), self._runner.drain(seconds))
        for topic in self._topics:
            topic.wake()
        await asyncio.gather(*draining)
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks.clear()

    async def _keep(self, name: str, loop: Loop) -> None:
        """A loop that breaks is a fault of ours: it is said aloud, and the loop goes on."""
        while True:
            try:
                await loop()
            except Exception:  # noqa: BLE001
                _log.exception("worker loop broke", loop=name)
                await self._pace.sleep(_AGAIN_S)
            else:
                return
