"""How long a workspace keeps what: the words of messages, files, logs; nothing before its time, nothing of another."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.core.caller import system
from gateway.core.commands.conversations import AddNote
from gateway.core.commands.media_files import StoreMedia
from gateway.core.commands.messages import ReleaseScheduled
from gateway.core.commands.settings import UpdateWorkspace
from gateway.core.errors import Refused
from gateway.core.installation import ensure_workspace
from gateway.domain.model import ConsentRecord, Conversation, Event, Media, Message, Note
from gateway.domain.retention import KINDS, RetentionError, checked_retention
from gateway.storage.retention import DAY, keep_no_longer
from tests.core.running import Core, running_core


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as running:
        yield running


async def keep(core: Core, **days: int | None) -> None:
    await core.writer.execute(UpdateWorkspace(retention=days), core.admin)


async def sweep(core: Core) -> dict[str, int]:
    """All slices, as the janitor takes them."""
    total: dict[str, int] = {}
    while True:
        done = await core.database.write(lambda session: keep_no_longer(session, core.clock.now))
        for kind, count in done.items():
            total[kind] = total.get(kind, 0) + count
        if not any(done.values()):
            return total


def test_each_kind_has_its_bounds() -> None:
    for kind, rule in KINDS.items():
        assert checked_retention({kind: rule.least}, {})[kind] == rule.least
        for wrong in (rule.least - 1 or -1, 36_501, True, "30", 1.5) + (() if rule.for_good else (0,)):
            with pytest.raises(RetentionError):
                checked_retention({kind: wrong}, {})
        assert kind not in checked_retention({kind: None}, {kind: rule.least})
    with pytest.raises(RetentionError):
        checked_retention({"everything": 30}, {})


async def test_only_who_manages_settings_says_how_long(core: Core) -> None:
    with pytest.raises(Refused):
        await core.writer.execute(UpdateWorkspace(retention={"messages": 30}), core.agent)


async def test_words_go_when_their_time_has_come_and_the_message_stays(core: Core) -> None:
    received = await core.receive("The code is 4711")
    sent = await core.send("Thank you, 4711")
    (work,) = await core.claim()
    await core.accepted(work, await core.begin(work))
    waiting = await core.send("Still to be sent", send_at=core.clock.now + 90 * DAY)
    thread = (await core.message(sent.id)).thread_id
    await core.writer.execute(AddNote(thread, "They said 4711"), core.admin)
    await keep(core, messages=30)
    core.clock.forward(29 * DAY)
    assert (await sweep(core)).get("messages") == 0
    core.clock.forward(2 * DAY)
    fresh = await core.receive("A new word")
    assert (await sweep(core))["messages"] == 4
    bodies = {one.id: one.body for one in await core.all(Message)}
    assert received.message is not None
    assert fresh.message is not None
    assert bodies[received.message.id] == bodies[sent.id] == ""
    assert (bodies[waiting.id], bodies[fresh.message.id]) == ("Still to be sent", "A new word")
    kept = await core.message(sent.id)
    assert (kept.sender_id, kept.created_at, kept.units) == (sent.sender_id, sent.created_at, sent.units)
    assert [one.body for one in await core.all(Note)] == [""]
    assert "4711" not in repr([*await core.all(Message), *await core.all(Conversation), *await core.all(Note)])
    assert not any((await sweep(core)).values()), "nothing is looked at twice"


async def test_words_that_waited_beyond_their_time_go_once_they_were_sent(core: Core) -> None:
    """Whatever was passed over is not forgotten: what waits, and what is under way and may be sent once more."""
    late = await core.send("Still to be sent, 4711", send_at=core.clock.now + 40 * DAY)
    never = await core.send("Never sent, 4711", send_at=core.clock.now + 400 * DAY)
    await keep(core, messages=30)
    core.clock.forward(35 * DAY)
    await sweep(core)
    core.clock.forward(5 * DAY)
    await core.writer.execute(ReleaseScheduled(late.id), system(core.workspace_id))
    (work,) = await core.claim()
    start = await core.begin(work)
    await sweep(core)
    assert (await core.message(late.id)).body == "Still to be sent, 4711", "it may have to be sent again"
    await core.accepted(work, start)
    await core.writer.execute(UpdateWorkspace(retention={"messages": 0}), core.admin)
    await sweep(core)
    assert (await core.message(late.id)).body == "Still to be sent, 4711", "for good, it says now"
    await keep(core, messages=30)
    assert (await sweep(core))["messages"] == 1
    assert ((await core.message(late.id)).body, (await core.message(never.id)).body) == ("", "Never sent, 4711")
    assert not any((await sweep(core)).values()), "what still waits is no work"


async def test_files_go_and_the_library_stays(core: Core) -> None:
    for library in (False, True):
        command = StoreMedia("text/plain", 3, "a.txt", f"blob-{library}", library=library)
        await core.writer.execute(command, core.admin)
    await keep(core, media=7)
    core.clock.forward(8 * DAY)
    await sweep(core)
    files: list[Media] = await core.all(Media)
    assert [(one.library, one.blob) for one in files] == [(False, None), (True, "blob-True")]


async def test_the_log_is_shortened_from_its_beginning(core: Core) -> None:
    await core.receive("One")
    await keep(core, events=90)
    core.clock.forward(91 * DAY)
    await core.receive("Two")
    before = await core.events()
    await sweep(core)
    after = await core.events()
    assert after, "what is new stays"
    assert [one.position for one in after] == [one.position for one in before if one.at > core.clock.now - 90 * DAY]
    assert len(after) < len(before)


async def test_a_stop_outlives_every_rule_and_other_workspaces_have_their_own(core: Core) -> None:
    await core.receive("STOP")
    await keep(core, messages=30, media=7, events=90, audit=30, raw_payloads=1)
    other, _ = await ensure_workspace(core.database, core.around.ids, core.clock, "Branch")
    await core.writer.execute(UpdateWorkspace(retention={"events": 0}), system(other.id))
    core.clock.forward(400 * DAY)
    await sweep(core)
    ledger: list[ConsentRecord] = await core.all(ConsentRecord)
    assert [(one.state, one.value) for one in ledger] == [("unsubscribed", "+14155550148")]
    with pytest.raises(Refused, match="opted out"):
        await core.send("Are you there?")
    theirs: list[Any] = [one for one in await core.all(Event) if one.workspace_id == other.id]
    assert len(theirs) == 1, "for good, it says"
