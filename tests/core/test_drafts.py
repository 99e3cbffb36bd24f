"""What a user has half written: reply and note beside each other, each forgotten alone."""

from collections.abc import AsyncIterator

import pytest

from gateway.core.commands.conversations import SaveDraft
from gateway.domain.visibility import Role
from gateway.storage.drafts import draft
from gateway.storage.facts import Draft
from tests.core.running import Core, running_core


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as running:
        yield running


async def test_a_reply_and_a_note_are_kept_and_forgotten_apart(core: Core) -> None:
    await core.receive("Hello")
    thread_id, me = (await core.conversations())[-1].thread_id, core.caller(Role.AGENT)

    async def kept(command: SaveDraft) -> Draft | None:
        await core.writer.execute(command, me)
        assert me.user_id is not None
        user_id = me.user_id
        return await core.database.read(lambda session: draft(session, me.workspace_id, user_id, thread_id))

    both = await kept(SaveDraft(thread_id, "Dear Maya", "Your order", (), "Ask the depot"))
    assert both is not None
    assert (both.body, both.subject, both.note) == ("Dear Maya", "Your order", "Ask the depot")
    sent = await kept(SaveDraft(thread_id, ""))
    assert sent is not None
    assert (sent.body, sent.subject, sent.note) == ("", None, "Ask the depot")
    assert await kept(SaveDraft(thread_id, note="")) is None
