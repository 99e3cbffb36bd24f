"""Notices by e-mail or text: gathered, not at night, not for what was read, and never twice."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.core.commands.contacts import EraseContact, UpdateContact
from gateway.core.commands.conversations import MarkRead
from gateway.core.commands.notices import SaveNotices
from gateway.core.errors import Refused
from gateway.domain.address import provider_address
from gateway.domain.model import Message, Work
from gateway.domain.nature import Nature
from gateway.domain.notices import NoticeSetting, due_at
from gateway.domain.policy import Visibility
from gateway.domain.visibility import Role
from gateway.feed.alerts import NOTICE, Alerts
from gateway.feed.to_work import FOLLOWER, ToWork
from gateway.workers.chores import ChoreFailed
from gateway.workers.notices import Notices
from tests.core.running import Core, running_core
from tests.feed.test_following import follower

PHONE = "+14155550777"
HOUR = 3_600_000
# Mon 21 Sep 2026, 14:13 UTC.
NOW = 1_790_000_000_000


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as core:
        yield core


@pytest.mark.parametrize(
    ("digest", "quiet", "zone", "hours"),
    [
        (60, (0, 0), "UTC", 1),
        (60, (22 * 60, 7 * 60), "UTC", 1),
        (240, (18 * 60, 20 * 60), "UTC", None),
        (60, (0, 8 * 60), "Asia/Tokyo", None),
    ],
)
def test_when_a_notice_leaves(digest: int, quiet: tuple[int, int], zone: str, hours: int | None) -> None:
    due = due_at(NoticeSetting(1, 2, PHONE, digest, *quiet, zone), NOW)
    ends = {"UTC": 20, "Asia/Tokyo": 23}[zone]
    if hours is not None:
        assert due == NOW + hours * HOUR
    else:
        assert due // HOUR % 24 == ends
        assert due % HOUR == 0


async def _rows(core: Core) -> list[Work]:
    return [one for one in await core.all(Work) if one.kind == NOTICE]


async def _sent(core: Core) -> list[Message]:
    return [one for one in await core.all(Message) if one.nature is Nature.AUTO]


async def test_all_that_came_is_one_notice_and_what_was_read_is_none(core: Core) -> None:
    notices = Notices(core.database, core.writer, core.directory.get, "https://desk.example", core.clock)
    alerts = Alerts(core.around.ids, core.clock)
    following = follower(core, FOLLOWER, ToWork(lambda _: (), core.around.ids, core.clock, (alerts.work,)).apply)
    await core.writer.execute(SaveNotices(provider_address(PHONE), 15), core.admin)
    await core.receive("Hello?", sender="+14155550701")
    await following.catch_up()
    await core.receive("Hello!", sender="+14155550702")
    await core.receive("Anybody there?", sender="+14155550701")
    await following.catch_up()
    (row,) = await _rows(core)
    assert (row.subject_id, row.due_at) == (core.users[Role.ADMINISTRATOR].id, NOW + 15 * 60_000)

    await notices.tell(row)
    await notices.tell(row)
    (notice,) = await _sent(core)
    assert notice.their_address == PHONE
    assert notice.body == "3 unread messages: +1 415-555-0702, +1 415-555-0701\nhttps://desk.example"
    assert notice.conversation_id is None, "telling somebody of the team opens nothing"

    for conversation in await core.conversations():
        await core.writer.execute(MarkRead(conversation.thread_id), core.admin)
    again = await core.receive("And now?", sender="+14155550703")
    assert again.message is not None
    await core.writer.execute(MarkRead(again.message.thread_id), core.admin)
    await notices.tell(Work(core.workspace_id, 1, NOTICE, NOW, NOW, subject_id=row.subject_id, data={"since": NOW}))
    assert len(await _sent(core)) == 1


async def test_a_notice_names_nobody_where_not_everybody_sees_everything(core: Core) -> None:
    """It stands in a thread of its own, which the whole team may open."""
    notices = Notices(core.database, core.writer, core.directory.get, "https://desk.example", core.clock)
    await core.policy(visibility=Visibility.OWNER)
    await core.writer.execute(SaveNotices(provider_address(PHONE), 2), core.admin)
    await core.receive("Hello?", sender="+14155550701")
    user = core.users[Role.ADMINISTRATOR].id
    await notices.tell(Work(core.workspace_id, 1, NOTICE, NOW, NOW, subject_id=user, data={"since": NOW}))
    assert [one.body for one in await _sent(core)] == ["1 unread message\nhttps://desk.example"]


async def test_who_wants_none_any_more_is_told_nothing(core: Core) -> None:
    notices = Notices(core.database, core.writer, core.directory.get, "https://desk.example", core.clock)
    await core.writer.execute(SaveNotices(provider_address(PHONE), 2), core.admin)
    await core.writer.execute(SaveNotices(None, 2), core.admin)
    await core.receive("Hello?")
    user = core.users[Role.ADMINISTRATOR].id
    await notices.tell(Work(core.workspace_id, 1, NOTICE, NOW, NOW, subject_id=user, data={"since": NOW}))
    assert await _sent(core) == []


async def test_what_got_late_waits_for_the_end_of_the_quiet_hours(core: Core) -> None:
    notices = Notices(core.database, core.writer, core.directory.get, "https://desk.example", core.clock)
    await core.writer.execute(SaveNotices(provider_address(PHONE), 2, 15 * 60, 16 * 60), core.admin)
    await core.receive("Hello?")
    user = core.users[Role.ADMINISTRATOR].id
    row = Work(core.workspace_id, 1, NOTICE, NOW, NOW, subject_id=user, data={"since": NOW})
    core.clock.forward(HOUR)
    with pytest.raises(ChoreFailed) as late:
        await notices.tell(row)
    assert (core.clock.now + round((late.value.retry_after or 0) * 1000)) % (24 * HOUR) == 16 * HOUR
    assert not late.value.counts
    assert await _sent(core) == []
    core.clock.forward(HOUR)
    await notices.tell(row)
    assert len(await _sent(core)) == 1


@pytest.mark.parametrize("saved", ["Zephyrine, the baker", None])
async def test_who_is_erased_is_named_no_longer(core: Core, saved: str | None) -> None:
    notices = Notices(core.database, core.writer, core.directory.get, "https://desk.example", core.clock)
    await core.writer.execute(SaveNotices(provider_address(PHONE), 2), core.admin)
    theirs = (await core.receive("Hello?", sender="+14155550701")).message
    await core.receive("Hello!", sender="+14155550702")
    assert theirs is not None
    if saved:
        await core.writer.execute(UpdateContact(theirs.contact_id, saved), core.admin)
    user = core.users[Role.ADMINISTRATOR].id
    await notices.tell(Work(core.workspace_id, 1, NOTICE, NOW, NOW, subject_id=user, data={"since": NOW}))
    (notice,) = await _sent(core)
    assert (saved or "+1 415-555-0701") in notice.body
    await core.writer.execute(EraseContact(theirs.contact_id), core.admin)
    (notice,) = await _sent(core)
    assert notice.body == "2 unread messages: +1 415-555-0702, somebody\nhttps://desk.example"


@pytest.mark.parametrize(
    "wrong", [{"digest": 3}, {"digest": 2, "quiet_start": 1440}, {"digest": 2, "timezone": "Mars"}]
)
async def test_what_is_no_choice_is_refused(core: Core, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        await core.writer.execute(SaveNotices(provider_address(PHONE), **wrong), core.agent)
