"""A batch that can't be written together is written command by command, and counted."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

import pytest
from prometheus_client import CollectorRegistry

from gateway.core.caller import system
from gateway.core.commands.messages import ReceiveMessage
from gateway.core.metrics import WriterMetrics
from gateway.core.writer import TRIES, Writer
from gateway.domain.address import provider_address
from gateway.domain.model import Message
from gateway.storage.database import Conflict, Database, StorageUnavailable
from gateway.storage.session import Session
from tests.core.running import ACCOUNT, DESK, MAYA, Core, running_core

T = TypeVar("T")


class Troubled(Database):
    """A real database whose first writes fail as told, after they did all their work."""

    def __init__(self, inner: Database, *troubles: Exception) -> None:
        self.dialect = inner.dialect
        self.concurrent_writes = 1
        self._inner = inner
        self._troubles = list(troubles)

    async def open(self) -> None:
        await self._inner.open()

    async def close(self) -> None:
        await self._inner.close()

    async def read(self, function: Callable[[Session], T]) -> T:
        return await self._inner.read(function)

    async def write(self, function: Callable[[Session], T], *, durable: bool = True) -> T:
        def then_fail(session: Session) -> T:
            result = function(session)
            if self._troubles:
                raise self._troubles.pop(0)
            return result

        return await self._inner.write(then_fail, durable=durable)


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as core:
        yield core


@pytest.mark.parametrize(
    ("troubles", "apart", "unwritten", "failures"),
    [
        ([], {}, {}, []),
        ([Conflict("first")], {}, {}, []),
        ([Conflict("first")] * TRIES, {"conflict": 1}, {}, []),
        ([RuntimeError("bug")], {"fault": 1}, {}, []),
        ([RuntimeError("bug")] * 2, {"fault": 1}, {"fault": 1}, [RuntimeError]),
        ([Conflict("first")] * (2 * TRIES), {"conflict": 1}, {"conflict": 1}, [StorageUnavailable]),
        ([StorageUnavailable("away")], {}, {}, [StorageUnavailable] * 3),
    ],
    ids=["well", "one conflict", "conflicts", "a fault", "a fault of one", "one always conflicts", "no database"],
)
async def test_what_cannot_be_written_together_is_written_apart_and_counted(
    core: Core,
    troubles: list[Exception],
    apart: dict[str, int],
    unwritten: dict[str, int],
    failures: list[type[Exception]],
) -> None:
    registry = CollectorRegistry()
    writer = Writer(
        Troubled(core.database, *troubles), core.directory, core.around, core.clock, metrics=WriterMetrics(registry)
    )
    writer.start()
    answers = await asyncio.gather(*(writer.execute(text(core, n), system(core.workspace_id)) for n in range(3)),
                                   return_exceptions=True)  # fmt: skip
    await writer.stop()

    assert [type(answer) for answer in answers if isinstance(answer, BaseException)] == failures
    assert len(await core.all(Message)) == 3 - len(failures)
    for name, counted in (("batches_apart", apart), ("commands_unwritten", unwritten)):
        for reason in ("conflict", "fault"):
            value = registry.get_sample_value(f"onethread_{name}_total", {"reason": reason})
            assert (value or 0) == counted.get(reason, 0), (name, reason)


def text(core: Core, number: int) -> ReceiveMessage:
    return ReceiveMessage(
        gateway_id=core.gateway_id,
        sender=provider_address(MAYA),
        recipient=provider_address(DESK),
        body=f"text {number}",
        provider_key=f"{ACCOUNT}|in-{number}",
        account=ACCOUNT,
    )
