"""What a batch of inbound messages costs the writer's thread, without the front."""

import random
import time
from functools import partial
from pathlib import Path

from gateway.core.batch import Request, Surroundings, run
from gateway.core.caller import system
from gateway.core.commands.messages import ReceiveMessage
from gateway.core.directory import Directory
from gateway.core.installation import ensure_workspace
from gateway.core.verdict import NO_VERDICT
from gateway.domain.address import provider_address
from gateway.domain.ids import IdSource
from gateway.domain.sender import Capabilities
from gateway.storage.connect import open_database
from gateway.storage.migrate import migrate
from gateway.storage.session import Session

BATCH = 64
_KNOWN = 2_000
_SMS = Capabilities(sms=True)


def _now() -> int:
    return time.time_ns() // 1_000_000


async def ingest_cost(path: Path, batches: int, seed: int) -> float:
    """Processor seconds of the writer's thread a message; a fifth of the senders are new to the store."""
    url = f"sqlite:///{path}"
    await migrate(url)
    database = open_database(url)
    await database.open()
    try:
        ids = IdSource(7, _now)
        workspace, _ = await ensure_workspace(database, ids, _now, "Harbour & Pine")
        directory = Directory(database, time.monotonic)
        await directory.get(workspace.id)
        around = Surroundings(directory.peek, ids, lambda gateway, sender: _SMS, str)
        rnd = random.Random(seed)
        taken = 0.0
        for number in range(batches * 2):
            requests = [_request(workspace.id, rnd, f"{seed}-{number}-{n}") for n in range(BATCH)]
            cost = await database.write(partial(_timed, requests=requests, around=around))
            if number >= batches:  # by then the known ones are known to the empty store too
                taken += cost
        return taken / (batches * BATCH)
    finally:
        await database.close()


def _timed(session: Session, requests: list[Request], around: Surroundings) -> float:
    begun = time.thread_time()
    outcome = run(session, requests, around, _now())
    taken = time.thread_time() - begun
    for answer in outcome.answers:
        if isinstance(answer, Exception):
            raise answer
    return taken


def _request(workspace_id: int, rnd: random.Random, key: str) -> Request:
    new = rnd.random() < 0.2
    number = f"+44{rnd.randrange(7_000_000_000, 7_999_999_999)}" if new else f"+1555{rnd.randrange(_KNOWN):07}"
    command = ReceiveMessage(
        gateway_id=1,
        sender=provider_address(number),
        recipient=provider_address("+12025550100"),
        body="When will the parcel arrive? " * rnd.randrange(1, 10),
        provider_key=key,
        account="account",
    )
    return Request(command, system(workspace_id), NO_VERDICT)
