"""A contact is erased: on both databases, no table holds their name, number or words any more."""

import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.core.caller import system
from gateway.core.commands.contacts import EraseContact, MergeContacts, UnmergeContact, UpdateContact
from gateway.core.commands.conversations import AddNote, SaveDraft
from gateway.core.commands.media_files import RecordMedia, StoreMedia
from gateway.core.commands.messages import (
    KeepRaw,
    SendMessage,
    StoredFile,
)
from gateway.core.commands.saved_views import CreateView, RemoveView
from gateway.core.errors import Reason, Refused
from gateway.core.idempotency import Idempotency
from gateway.domain.address import provider_address
from gateway.domain.conversation import State
from gateway.domain.ids import format_id
from gateway.domain.lists import ContactImport, ImportState
from gateway.domain.model import Contact, Conversation, Media, Message, Thread, Work
from gateway.domain.settings import SavedView
from gateway.domain.status import Status
from gateway.domain.visibility import Role
from gateway.sdk.values import MediaReference
from gateway.storage import search
from gateway.storage.facts import RawPayload
from gateway.storage.records import IMPORTS, TABLES
from gateway.storage.session import Session
from tests.core.running import MAYA, Core, running_core

SECOND = "+14155550149"
OTHER = "+14155550150"
NAME, WORDS = "Zephyrine", "quetzalcoatl"


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as running:
        yield running


async def everything(core: Core) -> str:
    """All rows of all tables, as text."""
    return "\n".join([repr(row) for kind in TABLES for row in await core.all(kind)])


async def a_life(core: Core) -> Contact:
    """Somebody wrote from two numbers, was answered, noted, photographed, and half understood."""
    picture = MediaReference("image/jpeg", f"https://files.example/{WORDS}.jpg", None, f"{WORDS}.jpg", 10)
    first = (await core.receive(f"My name is {NAME}, about {WORDS}", media=(picture,))).message
    other = (await core.receive(f"{WORDS} again", sender=SECOND)).message
    assert first is not None
    assert other is not None
    me = core.admin
    await core.writer.execute(UpdateContact(first.contact_id, NAME, {"animal": WORDS}, note=WORDS), me)
    await core.writer.execute(MergeContacts(other.contact_id, first.contact_id), me)
    key = Idempotency(
        "key",
        "digest",
        202,
        lambda one: (
            f'{{"id": "m", "contact_id": "{format_id("contact", one.contact_id)}", "body": "{one.body}"}}'.encode()
        ),
    )
    await core.writer.execute(
        SendMessage(f"About {WORDS}", to=provider_address(MAYA), metadata={"about": WORDS}), me, idempotency=key
    )
    await core.writer.execute(AddNote(first.thread_id, f"Asks about {WORDS}"), me)
    await core.writer.execute(SaveDraft(first.thread_id, f"No {WORDS} today"), me)
    await core.part(f"half a {WORDS}", 1, 2)
    raw = base64.b64encode(f'{{"from": "1-415-555-0148", "text": "{WORDS}"}}'.encode()).decode()
    await core.writer.execute(KeepRaw(core.gateway_id, "No text.", raw), system(core.workspace_id))
    await core.writer.execute(CreateView("Hers", {"filter": f"number:is:{MAYA}"}), me)
    old = await core.writer.execute(CreateView(SECOND), me)
    await core.writer.execute(RemoveView(old.id), me)
    for media in await core.all(Media):
        await core.writer.execute(RecordMedia(media.id, size=10, blob="blob-1"), system(core.workspace_id))
    messages = await core.all(Message)
    await core.database.write(lambda session: search.index_messages(session, messages))
    contact: Contact = next(one for one in await core.all(Contact) if one.id == first.contact_id)
    return contact


def found(session: Session) -> int:
    """How many rows the index of message words has."""
    from sqlalchemy import text

    from gateway.storage.query import Query

    count: int = session.scalar(Query(text("SELECT count(*) FROM message_search")))
    return count


async def test_no_table_holds_their_name_number_or_words(core: Core) -> None:
    contact = await a_life(core)
    stays = (await core.receive("Good morning", sender=OTHER)).message
    kept = await core.writer.execute(CreateView("Another's", {"filter": f"number:is:{OTHER}"}), core.admin)
    before = await everything(core)
    assert all(one in before for one in (NAME, WORDS, MAYA, SECOND))
    await core.writer.execute(EraseContact(contact.id), core.admin)
    after = await everything(core)
    join = [one for one in await core.all(Work) if one.kind == "join"]
    for one in join:
        after = after.replace(repr(one), "")
    assert [one for one in (NAME, WORDS, MAYA, SECOND) if one in after] == []
    assert await core.database.read(found) == 0
    assert [one.id for one in await core.all(SavedView)] == [kept.id]
    assert stays is not None
    assert (await core.message(stays.id)).body == "Good morning"


async def test_lines_of_a_table_that_were_refused_say_no_longer_whose_they_were(core: Core) -> None:
    """A number that was typed without its country was no address yet; it became theirs later."""
    received = await core.receive("Hello")
    assert received.message is not None
    said = (
        "“(415) 555-0148” is a number without its country. Write it with + and the country code.",
        "“+1 415 555 0148 ext” is not a possible phone number.",
        "“Mars” is not a time zone; use a name like Europe/Paris.",
        f"“{OTHER}” is not a possible phone number.",
    )
    errors = tuple({"line": line, "message": one} for line, one in enumerate(said, 2))
    job = ContactImport(core.workspace_id, 77, 78, 0, "user:1", state=ImportState.DONE, errors=errors, refused=4)
    await core.database.write(lambda session: IMPORTS.insert(session, [job]))
    await core.writer.execute(EraseContact(received.message.contact_id), core.admin)
    [after] = await core.all(ContactImport)
    assert [one["line"] for one in after.errors] == [2, 3, 4, 5]
    gone = "This contact was erased."
    assert [one["message"] for one in after.errors] == [gone, gone, *said[2:]]


async def test_nothing_of_a_mail_is_left(core: Core) -> None:
    """Its files' names, what its HTML called them, its HTML and what it quoted."""
    picture = StoredFile("image/png", 3, "a" * 32, f"{WORDS}.png", f"{WORDS}@customer.example")
    html = StoredFile("text/html", 5, "b" * 32)
    received = await core.receive("Hello", files=(picture,), html=html, quoted=f"> {WORDS}", channel="email")
    assert received.message is not None
    await core.writer.execute(EraseContact(received.message.contact_id), core.admin)
    assert WORDS not in await everything(core)
    work = [one.data for one in await core.all(Work) if one.kind == "media_erase"]
    assert sorted(one["blob"] for one in work) == ["a" * 32, "b" * 32]


async def test_what_waits_is_withdrawn_and_files_are_listed_to_be_deleted(core: Core) -> None:
    contact = await a_life(core)
    await core.writer.execute(EraseContact(contact.id), core.admin)
    statuses = {one.direction: one.status for one in await core.all(Message)}
    assert statuses["outbound"] is Status.CANCELLED
    work = await core.all(Work)
    assert [one.data for one in work if one.kind == "media_erase"] == [{"blob": "blob-1"}]
    assert [one for one in work if one.kind in ("send", "media")] == []
    assert [(one.state, one.url, one.blob) for one in await core.all(Media)] == [("unavailable", None, None)]
    assert {one.state for one in await core.all(Conversation)} == {State.CLOSED}
    assert await core.all(RawPayload) == []


async def test_a_repeated_request_is_still_answered(core: Core) -> None:
    from gateway.core.idempotency import Replayed

    contact = await a_life(core)
    await core.writer.execute(EraseContact(contact.id), core.admin)
    again = SendMessage("again", to=provider_address(MAYA))
    with pytest.raises(Replayed) as replayed:
        await core.writer.execute(again, core.admin, idempotency=Idempotency("key", "digest", 202, lambda _: b""))
    assert replayed.value.answer == b'{"id": "m"}'


async def test_the_opt_out_outlives_the_contact(core: Core) -> None:
    message = (await core.receive("STOP")).message
    assert message is not None
    await core.writer.execute(EraseContact(message.contact_id), core.admin)
    assert MAYA not in await everything(core)
    with pytest.raises(Refused) as refused:
        await core.send("Hello?")
    assert refused.value.code == "recipient-opted-out"
    back = (await core.receive("Hello again")).message
    assert back is not None
    assert back.contact_id != message.contact_id
    with pytest.raises(Refused):
        await core.send("Hello!")
    await core.receive("START")
    assert (await core.send("Hello!")).status is Status.QUEUED


async def test_who_is_erased_is_gone_and_a_merged_one_goes_with_the_other(core: Core) -> None:
    contact = await a_life(core)
    merged = next(one for one in await core.all(Contact) if one.merged_into == contact.id)
    for command, role, reason in (
        (EraseContact(merged.id), Role.ADMINISTRATOR, Reason.CONFLICT),
        (EraseContact(contact.id), Role.SUPERVISOR, Reason.FORBIDDEN),
        (EraseContact(contact.id), Role.AGENT, Reason.FORBIDDEN),
    ):
        with pytest.raises(Refused) as refused:
            await core.writer.execute(command, core.caller(role))
        assert refused.value.reason is reason
    await core.writer.execute(EraseContact(contact.id), core.admin)
    assert all(one.erased_at is not None for one in await core.all(Contact))
    with pytest.raises(Refused) as refused:
        await core.writer.execute(EraseContact(contact.id), core.admin)
    assert refused.value.reason is Reason.NOT_FOUND


async def test_merged_and_parted_on_a_real_database(core: Core) -> None:
    first, second = (await core.receive()).message, (await core.receive(sender=SECOND)).message
    assert first is not None
    assert second is not None
    await core.writer.execute(MergeContacts(first.contact_id, second.contact_id), core.admin)
    third = (await core.receive("From my old number")).message
    assert third is not None
    assert (third.thread_id, third.conversation_id) == (first.thread_id, second.conversation_id)
    threads = {one.id: one for one in await core.all(Thread)}
    assert (threads[first.thread_id].merged_into, threads[second.thread_id].inbound_count) == (second.thread_id, 3)
    await core.writer.execute(UnmergeContact(first.contact_id), core.admin)
    threads = {one.id: one for one in await core.all(Thread)}
    assert threads[first.thread_id].conversation_id == first.conversation_id
    assert threads[second.thread_id].conversation_id == second.conversation_id
    fourth = (await core.receive("It's me again")).message
    assert fourth is not None
    states: dict[Any, State] = {one.id: one.state for one in await core.conversations()}
    assert states == {
        first.conversation_id: State.CLOSED,
        second.conversation_id: State.OPEN,
        fourth.conversation_id: State.OPEN,
    }


async def test_what_was_about_to_be_sent_to_them_goes_and_the_library_stays(core: Core) -> None:
    theirs = (await core.receive("Hello")).message
    assert theirs is not None
    upload, shared = [
        await core.writer.execute(StoreMedia("image/png", 3, f"{WORDS}.png", letter * 32, library), core.admin)
        for letter, library in (("c", False), ("d", True))
    ]
    draft = SaveDraft(theirs.thread_id, "", media_ids=(upload, shared))
    await core.writer.execute(draft, core.admin)
    await core.writer.execute(EraseContact(theirs.contact_id), core.admin)
    assert {one.id: one.blob for one in await core.all(Media)} == {upload: None, shared: "d" * 32}
    assert [one.data for one in await core.all(Work) if one.kind == "media_erase"] == [{"blob": "c" * 32}]
