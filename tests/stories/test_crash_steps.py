"""kill -9 at each step of both flows, on both databases. A step says where the process died and what is so afterwards.

The steps are reached from outside: by what the centre keeps to itself, by a rate, and by holding up the database.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from plugins.sms_smpp.tests.centre import NODE, Centre
from tests.conftest import Serve
from tests.stories.levers import away, held, look
from tests.stories.outside import Join
from tests.stories.promises import check_promises
from tests.stories.site import SLOW, Site, unanswered

ROUNDS = 1  # how often all steps are gone through
SPOOLED = 40
REPLAYED = 400  # more than are replayed at once
SILENT, WHEN_TOLD = 86, 78  # destinations that the centre answers never, and when told

Step = Callable[[Site, int], Awaitable[None]]


# --- out ---


async def asked_and_not_stored(site: Site, n: int) -> None:
    """The API was asked, and the database had not taken it: nothing is there, and asking again makes one."""
    body, to, key = f"asked {n}", site.number(), f"key {n}"
    async with held(site.database):
        asked = asyncio.create_task(site.send(body, to, key))
        await site.outside.get("/workspace")
        await site.kill()
        await unanswered(asked)
    await site.revive()
    message = await site.send(body, to, key)
    await site.becomes(message, "sent")
    assert await site.send(body, to, key) == message


async def accepted(site: Site, n: int) -> None:
    """It got its 202: it leaves, once, and asking again with the same key gives the same message."""
    body, to, key = f"accepted {n}", site.number(), f"accepted {n}"
    message = await site.send(body, to, key)
    await site.kill()
    await site.revive()
    assert await site.send(body, to, key) == message
    await site.becomes(message, "sent", "uncertain")


async def claimed_and_not_begun(site: Site, n: int) -> None:
    """A worker had it and waited for its turn: it is queued again and leaves, once."""
    before = await site.send(f"in front {n}", site.number(), sender=SLOW)
    await site.becomes(before, "sent")
    message = await site.send(f"claimed {n}", site.number(), sender=SLOW)
    await site.until(lambda: _is(site, message, ("queued", "running")))
    await site.kill()
    assert await site.stored(message) == ("queued", "running")
    assert site.submissions()[f"claimed {n}"] == 0
    await site.revive()
    await site.becomes(message, "sent")


async def begun_and_not_submitted(site: Site, n: int) -> None:
    """`sending` was committed, and it waited for room in the window: nobody can know, so it is uncertain."""
    await site.send(f"fills the window {n}", site.number(SILENT))
    await site.submitted(f"fills the window {n}")
    message = await site.send(f"begun {n}", site.number())
    await site.until(lambda: _is(site, message, ("sending", "running")))
    await site.kill()
    assert site.submissions()[f"begun {n}"] == 0
    await site.revive()
    await site.becomes(message, "uncertain")


async def submitted_and_not_answered(site: Site, n: int) -> None:
    """The centre had it and said nothing: uncertain, and not sent again."""
    message = await site.send(f"submitted {n}", site.number(SILENT))
    await site.submitted(f"submitted {n}")
    await site.kill()
    assert await site.stored(message) == ("sending", "running")
    await site.revive()
    await site.becomes(message, "uncertain")


async def answered_and_not_recorded(site: Site, n: int) -> None:
    """The centre said yes, and that was not stored: uncertain, and not sent again."""
    message = await site.send(f"answered {n}", site.number(WHEN_TOLD))
    await site.submitted(f"answered {n}")
    async with held(site.database):
        site.centre.tell("answer")
        await site.heard()
        await site.kill()
        assert await site.stored(message) == ("sending", "running")
    await site.revive()
    await site.becomes(message, "uncertain")


async def recorded(site: Site, n: int) -> None:
    """It was sent, and its receipt comes to the next life."""
    message = await site.send(f"recorded {n}", site.number())
    provider_id = (await site.becomes(message, "sent"))["parts"][0]["provider_id"]
    await site.kill()
    await site.revive()
    site.report(provider_id)
    await site.becomes(message, "delivered")


async def reported_and_not_stored(site: Site, n: int) -> None:
    """The receipt was not stored and so not answered: the centre brings it again."""
    message = await site.send(f"reported {n}", site.number())
    provider_id = (await site.becomes(message, "sent"))["parts"][0]["provider_id"]
    answers = site.count("deliver_sm_resp")
    async with held(site.database):
        site.report(provider_id)
        await site.heard()
        await site.kill()
        assert (await site.stored(message))[0] == "sent"
    assert site.count("deliver_sm_resp") == answers
    await site.revive()
    site.report(provider_id)
    await site.becomes(message, "delivered")


async def reported(site: Site, n: int) -> None:
    """The receipt was stored; that its answer was lost does no harm."""
    message = await site.send(f"delivered {n}", site.number())
    provider_id = (await site.becomes(message, "sent"))["parts"][0]["provider_id"]
    answers = site.count("deliver_sm_resp")
    site.report(provider_id)
    await site.sees(lambda: site.count("deliver_sm_resp") > answers)
    await site.kill()
    assert (await site.stored(message))[0] == "delivered"
    await site.revive()
    site.report(provider_id)
    await site.heard()
    await site.becomes(message, "delivered")


# --- in ---


async def webhook_came(site: Site, n: int) -> None:
    """The provider got no answer and nothing is stored: it brings it again."""
    body, sender = f"webhook came {n}", site.number()
    async with held(site.database):
        asked = asyncio.create_task(site.text_in(body, sender))
        await site.outside.get("/workspace")
        await site.kill()
        await unanswered(asked)
        assert await site.copies(body) == 0
    await site.revive()
    assert await site.text_in(body, sender) == 200


async def webhook_stored(site: Site, n: int) -> None:
    """It is there; the provider, whose answer was lost, brings it again."""
    body, sender = f"webhook stored {n}", site.number()
    assert await site.text_in(body, sender) == 200
    await site.kill()
    assert await site.copies(body) == 1
    await site.revive()
    assert await site.text_in(body, sender) == 200


async def sms_came(site: Site, n: int) -> None:
    """The centre got no answer and nothing is stored: it brings it again."""
    body, sender = f"sms came {n}", site.number()
    async with held(site.database):
        site.text_in_over_smpp(body, sender)
        await site.heard()
        await site.kill()
        assert await site.copies(body) == 0
    assert body not in site.delivered_over_smpp()
    await site.revive()
    await site.bring_again(body, sender)
    assert body in site.received


async def sms_stored(site: Site, n: int) -> None:
    """It is there; the centre, whose answer was lost, brings it again."""
    body, sender = f"sms stored {n}", site.number()
    site.text_in_over_smpp(body, sender)
    await site.answered_over_smpp(body)
    await site.kill()
    assert await site.copies(body) == 1
    await site.revive()
    await site.bring_again(body, sender)


async def half_of_a_long_sms(site: Site, n: int) -> None:
    """One part came before, the other after."""
    sender, text = site.number(), f"long {n} "
    header = {"esm_class": 0x40, "data_coding": 0}
    first = {"hex": (bytes([5, 0, 3, n % 256, 2, 1]) + text.encode()).hex(), **header}
    second = {"hex": (bytes([5, 0, 3, n % 256, 2, 2]) + b"and short").hex(), **header}
    answers = site.count("deliver_sm_resp")
    site.text_in_over_smpp("", sender, **first)
    await site.sees(lambda: site.count("deliver_sm_resp") > answers)
    await site.kill()
    await site.revive()
    site.text_in_over_smpp("", sender, **second)
    await site.until(lambda: _has(site, f"{text}and short"))


async def spooled(site: Site, n: int) -> None:
    """The database was away and the process died while it wrote to disk: what was acknowledged is there."""
    async with away(site.database):
        asked = [asyncio.create_task(site.text_in(f"spooled {n}.{i}", site.number())) for i in range(SPOOLED)]
        await next(asyncio.as_completed(asked))
        await site.kill()
        await asyncio.gather(*asked, return_exceptions=True)
    assert any(body.startswith(f"spooled {n}.") for body in site.received)
    await site.revive()


async def being_replayed(site: Site, n: int) -> None:
    """The database was back and the process died while it emptied its spool: each is there, once."""
    async with away(site.database):
        bodies = [f"replayed {n}.{i}" for i in range(REPLAYED)]
        answers = await asyncio.gather(*(site.text_in(body, site.number()) for body in bodies))
        assert set(answers) == {200}
    await site.until(lambda: _any_like(site, f"replayed {n}.%"))
    await site.kill()
    await site.revive()
    await site.until(lambda: _all_like(site, f"replayed {n}.%", REPLAYED))


async def _is(site: Site, message: str, wanted: tuple[str, str]) -> bool:
    return await site.stored(message) == wanted


async def _has(site: Site, body: str) -> bool:
    return await site.copies(body) == 1


async def _any_like(site: Site, pattern: str) -> bool:
    return await _all_like(site, pattern, 1)


async def _all_like(site: Site, pattern: str, enough: int) -> bool:
    [(count,)] = await look(site.database, f"SELECT count(*) FROM messages WHERE body LIKE '{pattern}'")
    return bool(count >= enough)


STEPS: tuple[Step, ...] = (
    asked_and_not_stored,
    accepted,
    claimed_and_not_begun,
    begun_and_not_submitted,
    submitted_and_not_answered,
    answered_and_not_recorded,
    recorded,
    reported_and_not_stored,
    reported,
    webhook_came,
    webhook_stored,
    sms_came,
    sms_stored,
    half_of_a_long_sms,
    spooled,
    being_replayed,
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
            for step in STEPS:
                try:
                    await step(site, n)
                except BaseException as error:
                    error.add_note(f"at the step {step.__name__}, after {site.kills} kills")
                    raise
        assert site.kills == ROUNDS * len(STEPS)
        await check_promises(site)
    finally:
        await centre.stop()
