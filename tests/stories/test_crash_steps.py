"""kill -9 at each step of both flows, on both databases. A step says where the process died and what is so afterwards.

The steps are reached from outside: by what the centre keeps to itself, by a rate, and by holding up the database. Those
that can be reached at the same time share a death. Each is told in four parts, divided by `yield`: what goes before,
what happens while the database is held up (where it is), what is committed when the process is dead, the next life.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest

from plugins.sms_smpp.tests.centre import NODE, Centre
from tests.conftest import Serve
from tests.stories.levers import away, held, look
from tests.stories.outside import Join
from tests.stories.promises import check_promises
from tests.stories.site import SLOW, Site, unanswered

ROUNDS = 1  # how often all deaths are died
SPOOLED = 40
REPLAYED = 400  # more than are replayed at once
SILENT, WHEN_TOLD = 86, 78  # destinations that the centre answers never, and when told

Step = Callable[[Site, int], AsyncIterator[None]]


# --- out ---


async def asked_and_not_stored(site: Site, n: int) -> AsyncIterator[None]:
    """The API was asked, and the database had not taken it: nothing is there, and asking again makes one."""
    body, to, key = f"asked {n}", site.number(), f"key {n}"
    yield
    asked = asyncio.create_task(site.send(body, to, key))
    await site.outside.get("/workspace")
    yield
    await unanswered(asked)
    yield
    message = await site.send(body, to, key)
    await site.becomes(message, "sent")
    assert await site.send(body, to, key) == message


async def accepted(site: Site, n: int) -> AsyncIterator[None]:
    """It got its 202: it leaves, once, and asking again with the same key gives the same message."""
    body, to, key = f"accepted {n}", site.number(), f"accepted {n}"
    yield
    message = await site.send(body, to, key)
    yield
    yield
    assert await site.send(body, to, key) == message
    await site.becomes(message, "sent", "uncertain")


async def claimed_and_not_begun(site: Site, n: int) -> AsyncIterator[None]:
    """A worker had it and waited for its turn: it is queued again and leaves, once."""
    before = await site.send(f"in front {n}", site.number(), sender=SLOW)
    await site.becomes(before, "sent")
    yield
    message = await site.send(f"claimed {n}", site.number(), sender=SLOW)
    await site.until(lambda: _is(site, message, ("queued", "running")))
    yield
    assert await site.stored(message) == ("queued", "running")
    assert site.submissions()[f"claimed {n}"] == 0
    yield
    await site.becomes(message, "sent")


async def submitted_and_not_answered(site: Site, n: int) -> AsyncIterator[None]:
    """The centre had it and said nothing: uncertain, and not sent again."""
    yield
    message = await site.send(f"submitted {n}", site.number(SILENT))
    await site.submitted(f"submitted {n}")
    yield
    assert await site.stored(message) == ("sending", "running")
    yield
    await site.becomes(message, "uncertain")


async def begun_and_not_submitted(site: Site, n: int) -> AsyncIterator[None]:
    """`sending` was committed, and it waited for room in a window that is full: nobody can know, so it is uncertain."""
    yield
    message = await site.send(f"begun {n}", site.number())
    await site.until(lambda: _is(site, message, ("sending", "running")))
    yield
    assert site.submissions()[f"begun {n}"] == 0
    yield
    await site.becomes(message, "uncertain")


async def answered_and_not_recorded(site: Site, n: int) -> AsyncIterator[None]:
    """The centre said yes, and that was not stored: uncertain, and not sent again."""
    message = await site.send(f"answered {n}", site.number(WHEN_TOLD))
    await site.submitted(f"answered {n}")
    yield
    site.centre.tell("answer")
    await site.heard()
    yield
    assert await site.stored(message) == ("sending", "running")
    yield
    await site.becomes(message, "uncertain")


async def recorded(site: Site, n: int) -> AsyncIterator[None]:
    """It was sent, and its receipt comes to the next life."""
    message = await site.send(f"recorded {n}", site.number())
    provider_id = (await site.becomes(message, "sent"))["parts"][0]["provider_id"]
    yield
    yield
    assert (await site.stored(message))[0] == "sent"
    yield
    site.report(provider_id)
    await site.becomes(message, "delivered")


async def reported_and_not_stored(site: Site, n: int) -> AsyncIterator[None]:
    """The receipt was not stored and so not answered: the centre brings it again."""
    message = await site.send(f"reported {n}", site.number())
    provider_id = (await site.becomes(message, "sent"))["parts"][0]["provider_id"]
    yield
    answers = site.count("deliver_sm_resp")
    site.report(provider_id)
    await site.heard()
    yield
    assert (await site.stored(message))[0] == "sent"
    assert site.count("deliver_sm_resp") == answers
    yield
    site.report(provider_id)
    await site.becomes(message, "delivered")


async def reported(site: Site, n: int) -> AsyncIterator[None]:
    """The receipt was stored; that its answer was lost does no harm."""
    message = await site.send(f"delivered {n}", site.number())
    provider_id = (await site.becomes(message, "sent"))["parts"][0]["provider_id"]
    yield
    answers = site.count("deliver_sm_resp")
    site.report(provider_id)
    await site.sees(lambda: site.count("deliver_sm_resp") > answers)
    yield
    assert (await site.stored(message))[0] == "delivered"
    yield
    site.report(provider_id)
    await site.heard()
    await site.becomes(message, "delivered")


# --- in ---


async def webhook_came(site: Site, n: int) -> AsyncIterator[None]:
    """The provider got no answer and nothing is stored: it brings it again."""
    body, sender = f"webhook came {n}", site.number()
    yield
    asked = asyncio.create_task(site.text_in(body, sender))
    await site.outside.get("/workspace")
    yield
    await unanswered(asked)
    assert await site.copies(body) == 0
    yield
    assert await site.text_in(body, sender) == 200


async def webhook_stored(site: Site, n: int) -> AsyncIterator[None]:
    """It is there; the provider, whose answer was lost, brings it again."""
    body, sender = f"webhook stored {n}", site.number()
    yield
    assert await site.text_in(body, sender) == 200
    yield
    assert await site.copies(body) == 1
    yield
    assert await site.text_in(body, sender) == 200


async def sms_came(site: Site, n: int) -> AsyncIterator[None]:
    """The centre got no answer and nothing is stored: it brings it again."""
    body, sender = f"sms came {n}", site.number()
    yield
    site.text_in_over_smpp(body, sender)
    await site.heard()
    yield
    assert await site.copies(body) == 0
    assert body not in site.delivered_over_smpp()
    yield
    await site.bring_again(body, sender)
    assert body in site.received


async def sms_stored(site: Site, n: int) -> AsyncIterator[None]:
    """It is there; the centre, whose answer was lost, brings it again."""
    body, sender = f"sms stored {n}", site.number()
    yield
    site.text_in_over_smpp(body, sender)
    await site.answered_over_smpp(body)
    yield
    assert await site.copies(body) == 1
    yield
    await site.bring_again(body, sender)


async def half_of_a_long_sms(site: Site, n: int) -> AsyncIterator[None]:
    """One part came before, the other after."""
    sender, text = site.number(), f"long {n} "
    header = {"esm_class": 0x40, "data_coding": 0}
    first = {"hex": (bytes([5, 0, 3, n % 256, 2, 1]) + text.encode()).hex(), **header}
    second = {"hex": (bytes([5, 0, 3, n % 256, 2, 2]) + b"and short").hex(), **header}
    yield
    answers = site.count("deliver_sm_resp")
    site.text_in_over_smpp("", sender, **first)
    await site.sees(lambda: site.count("deliver_sm_resp") > answers)
    yield
    assert await site.copies(f"{text}and short") == 0
    yield
    site.text_in_over_smpp("", sender, **second)
    await site.until(lambda: _has(site, f"{text}and short"))


async def spooled(site: Site, n: int) -> AsyncIterator[None]:
    """The database was away and the process died while it wrote to disk: what was acknowledged is there."""
    yield
    asked = [asyncio.create_task(site.text_in(f"spooled {n}.{i}", site.number())) for i in range(SPOOLED)]
    await next(asyncio.as_completed(asked))
    yield
    await asyncio.gather(*asked, return_exceptions=True)
    promised = {body for body in site.received if body.startswith(f"spooled {n}.")}
    assert promised
    yield
    await site.until(lambda: _all_like(site, f"spooled {n}.%", len(promised)))


async def being_replayed(site: Site, n: int) -> AsyncIterator[None]:
    """The database was back and the process died while it emptied its spool: each is there, once."""
    async with away(site.database):
        bodies = [f"replayed {n}.{i}" for i in range(REPLAYED)]
        answers = await asyncio.gather(*(site.text_in(body, site.number()) for body in bodies))
        assert set(answers) == {200}
    yield
    await site.until(lambda: _all_like(site, f"replayed {n}.%", 1))
    yield
    yield
    await site.until(lambda: _all_like(site, f"replayed {n}.%", REPLAYED))


async def _is(site: Site, message: str, wanted: tuple[str, str]) -> bool:
    return await site.stored(message) == wanted


async def _has(site: Site, body: str) -> bool:
    return await site.copies(body) == 1


async def _all_like(site: Site, pattern: str, enough: int) -> bool:
    [(count,)] = await look(site.database, f"SELECT count(*) FROM messages WHERE body LIKE '{pattern}'")
    return bool(count >= enough)


def free(url: str) -> AbstractAsyncContextManager[None]:
    """Nothing is done to the database."""
    return nullcontext()


@dataclass(frozen=True)
class Death:
    """Steps that are reached together, in this order, and what is done to the database meanwhile."""

    database: Callable[[str], AbstractAsyncContextManager[None]]
    steps: tuple[Step, ...]

    async def die(self, site: Site, n: int) -> None:
        told = [(step.__name__, step(site, n)) for step in self.steps]
        await _go_on(told)
        async with self.database(site.database):
            await _go_on(told)
            await site.kill()
            await _go_on(told)
        await site.revive()
        await _go_on(told)


async def _go_on(told: list[tuple[str, AsyncIterator[None]]]) -> None:
    """The next part of each step."""
    for name, step in told:
        try:
            await anext(step, None)
        except BaseException as error:
            error.add_note(f"at the step {name}")
            raise


DEATHS = (
    Death(free, (claimed_and_not_begun, accepted)),
    Death(free, (submitted_and_not_answered, begun_and_not_submitted)),
    Death(free, (recorded, reported, webhook_stored, sms_stored, half_of_a_long_sms)),
    Death(
        held,
        (reported_and_not_stored, answered_and_not_recorded, asked_and_not_stored, webhook_came, sms_came),
    ),
    Death(away, (spooled,)),
    Death(free, (being_replayed,)),
)


@pytest.mark.timeout(300 * ROUNDS)
async def test_a_crash_at_every_step_keeps_every_promise(
    serve: Serve, join: Join, database_url: str, tmp_path: Path
) -> None:
    centre = await Centre.start(NODE, {"PASSWORD": "secret", "RECEIPT": "none"})
    try:
        site = Site(serve, join, centre, database_url, tmp_path / "data", {"window": 1})
        await site.open()
        for n in range(ROUNDS):
            for death in DEATHS:
                await death.die(site, n)
        assert site.kills == ROUNDS * len(DEATHS)
        await check_promises(site)
    finally:
        await centre.stop()
