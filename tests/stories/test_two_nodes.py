"""Two nodes on one PostgreSQL and one bind: it stands once, and when its node is killed the other one takes it over."""

import asyncio
import itertools
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.host import supervisor, tenure
from plugins.sms_smpp.tests.centre import NODE, Centre
from tests.conftest import Serve
from tests.stories.levers import end_leases, held, look
from tests.stories.outside import Join
from tests.stories.promises import check_promises
from tests.stories.site import SLOW, Site

SILENT = 86
# A lease that was just renewed, one look of the other node, and binding, on a machine that has other work.
TAKEN_OVER_S = tenure.LEASE_MS / 1000 + supervisor.LOOK_S + 40


@pytest.mark.timeout(300)
async def test_the_other_node_takes_over_what_a_killed_one_held(
    serve: Serve, join: Join, postgres_database: Callable[[], str], tmp_path: Path
) -> None:
    centre = await Centre.start(NODE, {"PASSWORD": "secret", "RECEIPT": "none"})
    site = Site(serve, join, centre, postgres_database(), tmp_path / "one", {"window": 2})
    try:
        await site.open()
        other = await site.node(tmp_path / "two")
        before = await site.send("asked of the first", site.number())
        await site.becomes(before, "sent")
        await site.send("in front", site.number(), sender=SLOW)
        await site.submitted("in front")

        waiting = await site.send("waits for its turn", site.number(), sender=SLOW)
        under_way = await site.send("on the wire", site.number(SILENT))
        await site.submitted("on the wire")
        stored, coming = site.number(), site.number()
        site.text_in_over_smpp("was answered", stored)
        await site.answered_over_smpp("was answered")
        async with held(site.database):
            site.text_in_over_smpp("was not answered", coming)
            await site.heard()
            assert len(await owners(site)) == 1
            assert site.count("bind_transceiver") == 1
            await site.kill()

        site.move_to(other)
        killed_at = time.monotonic()
        later = await site.send("asked of the other", site.number())
        assert (await site.stored(later))[0] == "queued", "only who holds the bind may send through it"
        async with asyncio.timeout(TAKEN_OVER_S):
            await site.sees(lambda: site.count("bind_transceiver") == 2)
        assert time.monotonic() - killed_at < TAKEN_OVER_S
        await site.bring_again("was not answered", coming)
        await site.becomes(later, "sent")

        assert (await site.stored(under_way)) == ("sending", "running"), "it is the dead node's until its lease ends"
        await end_leases(site.database)
        await site.becomes(under_way, "uncertain")
        await site.becomes(waiting, "sent")

        again = await site.node(tmp_path / "one")
        await site.becomes(await site.send("at the end", site.number()), "sent")
        assert len(await owners(site)) == 1
        assert again.process.stop() == 0
        assert site.received == {"was answered", "was not answered"}
        await check_promises(site)
        assert never_twice(centre), "the bind stood twice"
    finally:
        await centre.stop()


@pytest.mark.timeout(120)
async def test_a_node_that_stops_hands_its_bind_over_at_once(
    serve: Serve, join: Join, postgres_database: Callable[[], str], tmp_path: Path
) -> None:
    centre = await Centre.start(NODE, {"PASSWORD": "secret"})
    site = Site(serve, join, centre, postgres_database(), tmp_path / "one")
    try:
        await site.open()
        other = await site.node(tmp_path / "two")
        first = await owners(site)
        assert len(first) == 1
        assert await site.stop() == 0
        assert not first & await owners(site), "the other one must wait until its lease ends"
        site.move_to(other)
        await site.sees(lambda: site.count("bind_transceiver") == 2)
        await site.becomes(await site.send("asked of the other", site.number()), "delivered")
        await check_promises(site)
        assert never_twice(centre)
    finally:
        await centre.stop()


async def owners(site: Site) -> set[str]:
    """Which nodes hold the lease of a gateway now."""
    question = (
        "SELECT DISTINCT owner FROM leases WHERE name LIKE 'gateway:%'"
        " AND expires_at > extract(epoch FROM now()) * 1000"
    )
    return {owner for (owner,) in await look(site.database, question)}


def never_twice(centre: Centre) -> bool:
    """Whether each bind came after the one before it had ended."""
    words = [one["event"] for one in centre.events.items if one["event"] in ("bind_transceiver", "closed")]
    return all(first != second for first, second in itertools.pairwise(words))
