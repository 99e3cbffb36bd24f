"""At night: what goes out by itself waits, whenever it was accepted; people are told, and write."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from gateway.core.caller import system
from gateway.core.commands.messages import CancelMessage, Dropped, ReleaseScheduled, Start
from gateway.core.explanation import explain
from gateway.domain.address import provider_address
from gateway.domain.model import Contact, Message, Work
from gateway.domain.nature import MACHINE, Nature
from gateway.domain.policy import QuietHours
from gateway.domain.record import replace
from gateway.domain.status import Status
from gateway.storage.records import CONTACTS
from tests.core.running import Core, running_core

NEW_YORKER = "+12125550148"
NIGHT = QuietHours(21 * 60, 8 * 60, "Europe/Paris")


def at(text: str) -> int:
    """A moment by the clocks of London in winter, in milliseconds."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


EVENING, LATE, MORNING = at("2027-01-11 20:00"), at("2027-01-12 02:30"), at("2027-01-12 13:00")


@pytest.fixture
async def core(sqlite_url: str) -> AsyncIterator[Core]:
    async with running_core(sqlite_url) as core:
        await core.policy(quiet_hours=NIGHT)
        core.clock.now = LATE  # half past nine in the evening in New York
        yield core


async def say(core: Core, nature: Nature | None = None, **more: object) -> Message:
    return await core.send("Hello", to=provider_address(NEW_YORKER), nature=nature, **more)


async def work(core: Core, kind: str) -> list[Work]:
    return [one for one in await core.all(Work) if one.kind == kind]


@pytest.mark.parametrize("nature", Nature)
async def test_machines_wait_and_nobody_else(core: Core, nature: Nature) -> None:
    message = await say(core, nature)
    assert message.status is (Status.HELD if nature in MACHINE else Status.QUEUED)


async def test_it_leaves_in_their_morning(core: Core) -> None:
    message = await say(core, Nature.CAMPAIGN)
    (release,) = await work(core, "release")
    assert (release.due_at, await work(core, "send")) == (MORNING, [])
    assert explain(message).hour == "It is 21:30 there; this waits until 08:00."
    core.clock.now = MORNING
    await core.writer.execute(ReleaseScheduled(message.id), system(core.workspace_id))
    assert (await core.message(message.id)).status is Status.QUEUED
    (claimed,) = await core.claim()
    assert isinstance(await core.begin(claimed), Start)


async def test_one_that_was_scheduled_into_the_night_waits_when_its_time_comes(core: Core) -> None:
    core.clock.now = EVENING
    message = await say(core, Nature.CAMPAIGN, send_at=LATE)
    assert message.status is Status.SCHEDULED
    core.clock.now = LATE
    await core.writer.execute(ReleaseScheduled(message.id), system(core.workspace_id))
    assert (await core.message(message.id)).status is Status.HELD
    assert MORNING in [one.due_at for one in await work(core, "release")]


async def test_one_whose_turn_comes_after_dark_is_held_before_it_leaves(core: Core) -> None:
    core.clock.now = EVENING
    message = await say(core, Nature.CAMPAIGN)
    by_person = await core.send("And you?")
    (first, second) = await core.claim()
    core.clock.now = LATE
    assert await core.begin(first) == Dropped("quiet-hours")
    assert isinstance(await core.begin(second), Start)
    assert (await core.message(message.id)).status is Status.HELD
    assert (await core.message(by_person.id)).status is Status.SENDING
    assert [one.due_at for one in await work(core, "release")] == [MORNING]
    told = [one.data["status"] for one in await core.events() if one.message_id == message.id and "status" in one.data]
    assert told == ["held"]


async def test_a_contact_s_own_time_zone_comes_before_the_number_s(core: Core) -> None:
    await core.receive("Hi", sender=NEW_YORKER)
    (contact,) = await core.all(Contact)
    moved = replace(contact, timezone="Asia/Tokyo")
    await core.database.write(lambda session: CONTACTS.update(session, [(contact, moved)]))
    assert (await say(core, Nature.CAMPAIGN)).status is Status.QUEUED, "it is noon there"


async def test_what_is_held_can_be_withdrawn(core: Core) -> None:
    message = await say(core, Nature.CAMPAIGN)
    cancelled = await core.writer.execute(CancelMessage(message.id), core.admin)
    assert (cancelled.status, await work(core, "release")) == (Status.CANCELLED, [])


async def test_without_quiet_hours_nobody_waits(core: Core) -> None:
    await core.policy(quiet_hours=None)
    assert (await say(core, Nature.CAMPAIGN)).status is Status.QUEUED


async def test_what_expires_before_morning_never_leaves(core: Core) -> None:
    message = await say(core, Nature.CAMPAIGN, expires_at=LATE + 3_600_000)
    core.clock.now = MORNING
    await core.writer.execute(ReleaseScheduled(message.id), system(core.workspace_id))
    (claimed,) = await core.claim()
    assert await core.begin(claimed) == Dropped("expired")
    assert (await core.message(message.id)).status is Status.EXPIRED
