"""The writer: one queue, group commit. A batch is as large as the load makes it; a lone command waits for nothing."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from prometheus_client import CollectorRegistry

from gateway.core.batch import Outcome, Request, Surroundings, run
from gateway.core.caller import Caller
from gateway.core.commands.base import Command
from gateway.core.directory import Directory
from gateway.core.idempotency import Idempotency
from gateway.core.metrics import WriterMetrics
from gateway.core.verdict import NO_VERDICT, Verdict
from gateway.domain.model import Event
from gateway.storage.database import Conflict, Database, StorageUnavailable

T = TypeVar("T")

_log = structlog.get_logger(__name__)

BATCH = 256
QUEUE = 10_000
EMPTY_TURNS = 4
TRIES = 5

Ask = Callable[[Any, Caller], Awaitable[Verdict]]
"""Asks the decide hooks of plugins about a command; None where no plugin has any."""


class Overloaded(StorageUnavailable):
    """More commands wait than can be remembered. Try again in a moment."""


@dataclass(slots=True)
class _Job:
    request: Request
    answer: asyncio.Future[Any]


class Writer:
    """Everything that changes state goes through `execute`, which answers once the change is durable."""

    def __init__(
        self,
        database: Database,
        directory: Directory,
        around: Surroundings,
        clock: Callable[[], int],
        ask: Ask | None = None,
        metrics: WriterMetrics | None = None,
    ) -> None:
        self._database = database
        self._directory = directory
        self._around = around
        self._clock = clock
        self._ask = ask
        self._metrics = metrics or WriterMetrics(CollectorRegistry())
        self._queue: deque[_Job] = deque()
        self._wake = asyncio.Event()
        self._slots = asyncio.Semaphore(database.concurrent_writes)
        self._loop: asyncio.Task[None] | None = None
        self._under_way: set[asyncio.Task[None]] = set()
        self._stopping = False
        self.on_commit: list[Callable[[Sequence[Event]], None]] = []
        self.batches = 0
        self.commands = 0

    def start(self) -> None:
        """Begins to take commands."""
        self._loop = asyncio.get_running_loop().create_task(self._take_batches(), name="writer")

    async def stop(self) -> None:
        """Writes what is queued, then stops."""
        self._stopping = True
        self._wake.set()
        if self._loop is not None:
            await self._loop
        while self._under_way:
            await asyncio.wait(self._under_way)

    @property
    def queued(self) -> int:
        """How many commands wait for a batch."""
        return len(self._queue)

    async def execute(self, command: Command[T], caller: Caller, *, idempotency: Idempotency | None = None) -> T:
        """Issues a command and answers after the commit.

        Raises Refused when it is decided against, Replayed when this idempotency key was answered before,
        StorageUnavailable (Overloaded) when nothing was stored.
        """
        verdict = await self.ask(command, caller)
        if len(self._queue) >= QUEUE or self._stopping:
            raise Overloaded("Too many commands wait.")
        job = _Job(Request(command, caller, verdict, idempotency), asyncio.get_running_loop().create_future())
        self._queue.append(job)
        self._wake.set()
        answer: T = await job.answer
        return answer

    async def ask(self, command: Command[Any], caller: Caller) -> Verdict:
        """What plugins' decide hooks say of a command. `execute` asks by itself; a command of many asks for each."""
        return NO_VERDICT if self._ask is None else await self._ask(command, caller)

    async def _take_batches(self) -> None:
        while True:
            await self._wake.wait()
            await self._slots.acquire()
            await self._let_arrive()
            batch = [self._queue.popleft() for _ in range(min(BATCH, len(self._queue)))]
            if not self._queue and not self._stopping:
                self._wake.clear()
            if not batch:
                self._slots.release()
                if self._stopping:
                    return
                continue
            task = asyncio.get_running_loop().create_task(self._settle(batch))
            self._under_way.add(task)
            task.add_done_callback(self._landed)

    async def _let_arrive(self) -> None:
        """Lets the loop hand over what came in together, so that one commit carries it.

        A lone command waits for a few empty turns of the loop: microseconds. Without this, those whose batch has just
        been answered come back one by one and the first of them are committed alone.
        """
        queued, empty_turns = 0, 0
        while empty_turns < EMPTY_TURNS and len(self._queue) < BATCH and not self._stopping:
            empty_turns = empty_turns + 1 if len(self._queue) == queued else 0
            queued = len(self._queue)
            await asyncio.sleep(0)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._slots.release()

    async def _settle(self, jobs: list[_Job]) -> None:
        """Commits a batch; one that keeps conflicting is written command by command."""
        try:
            outcome = await self._commit(jobs)
        except Conflict:
            await self._apart(jobs, "conflict", StorageUnavailable("This kept conflicting with other changes."))
            return
        except StorageUnavailable as error:
            _fail(jobs, error)
            return
        except Exception as error:  # noqa: BLE001  a bug in writing one command's changes: its caller gets it whole
            _log.exception("batch not written", commands=len(jobs))
            await self._apart(jobs, "fault", error)
            return
        self._answer(jobs, outcome)

    async def _apart(self, jobs: list[_Job], reason: str, error: Exception) -> None:
        """Writes command by command what could not be written together, so that one takes no others down."""
        if len(jobs) == 1:
            self._metrics.commands_unwritten.labels(reason).inc()
            _fail(jobs, error)
            return
        self._metrics.batches_apart.labels(reason).inc()
        for job in jobs:
            await self._settle([job])

    async def _commit(self, jobs: list[_Job]) -> Outcome:
        requests = [job.request for job in jobs]
        for attempt in range(TRIES):
            now = self._clock()
            try:
                return await self._database.write(lambda session, now=now: run(session, requests, self._around, now))  # type: ignore[misc]
            except Conflict:
                if attempt == TRIES - 1:
                    raise
        raise AssertionError("unreachable")

    def _answer(self, jobs: list[_Job], outcome: Outcome) -> None:
        self.batches += 1
        self.commands += len(jobs)
        for view in outcome.views.values():
            self._directory.put(view)
        for job, answer in zip(jobs, outcome.answers, strict=True):
            with contextlib.suppress(asyncio.InvalidStateError):
                if isinstance(answer, BaseException):
                    job.answer.set_exception(answer)
                else:
                    job.answer.set_result(answer)
        if outcome.events:
            for listener in self.on_commit:
                listener(outcome.events)


def _fail(jobs: Sequence[_Job], error: Exception) -> None:
    for job in jobs:
        if not job.answer.done():
            job.answer.set_exception(error)
