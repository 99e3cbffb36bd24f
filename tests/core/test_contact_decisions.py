"""Contacts: whose an address is, who may know it, and what the team may record of their wishes."""

from typing import Any

import pytest

from gateway.core import consents
from gateway.core.caller import Caller
from gateway.core.commands.contacts import AddAddress, ChangeConsent, CreateContact, RemoveAddress, UpdateContact
from gateway.core.commands.conversations import AddNote
from gateway.core.commands.media_files import RecordMedia, RemoveMedia, StoreMedia
from gateway.core.commands.messages import (
    AppendEvent,
    FindOrCreateThread,
)
from gateway.core.decisions import consent_changes, contacts, events_of_plugins, media_files, notes
from gateway.core.errors import Reason, Refused
from gateway.domain.address import Address, AddressKind
from gateway.domain.consent import Purpose
from gateway.domain.model import ConsentRecord, Contact, ContactAddress, Media, Work
from gateway.domain.policy import Policy, Visibility
from tests.core.conftest import (
    ADMIN,
    ADMINISTRATOR,
    AGENT,
    AGENTS_OWN,
    DAY,
    NOW,
    SUPERVISING,
    SUPERVISOR,
    WORKSPACE,
    MakeScene,
    make_view,
    phone,
    somebody,
    talk,
)

MAYA = "+14155550148"
OTHER = "+14155550149"
OWNERS = make_view(Policy(visibility=Visibility.OWNER))
HIDDEN = talk(501, 101, user_id=SUPERVISOR)
API = Caller(WORKSPACE, "api:14", ADMINISTRATOR.viewer)


def test_a_contact_is_saved_with_a_thread_and_addresses_of_their_own(make_scene: MakeScene) -> None:
    scene = make_scene(caller=AGENTS_OWN)
    email = Address(AddressKind.EMAIL, "maya@company.example")
    command = CreateContact(" Maya ", (phone(MAYA), email, phone(MAYA)), {"tier": "gold"}, "Europe/Paris")
    contact = contacts.create(command, scene)
    assert (contact.name, contact.saved, contact.fields, contact.timezone) == (
        "Maya",
        True,
        {"tier": "gold"},
        "Europe/Paris",
    )
    thread = scene.working.thread_of(WORKSPACE, contact.id)
    assert thread is not None
    assert [one.value for one in scene.working.all(ContactAddress)] == [MAYA, email.value]
    assert [(event.type, event.thread_id, event.contact_id) for event in scene.working.events] == [
        ("contact_created", thread.id, contact.id)
    ]


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (CreateContact(None), "name"),
        (CreateContact("  "), "name"),
        (CreateContact("x" * 201), "name"),
        (CreateContact("Maya", timezone="Mars/Base"), "timezone"),
        (CreateContact("Maya", fields={"note": "x" * 2001}), "fields.note"),
        (CreateContact("Maya", fields={" ": "x"}), "fields"),
    ],
)
def test_what_no_contact_can_be(make_scene: MakeScene, command: CreateContact, field: str) -> None:
    with pytest.raises(Refused) as refused:
        contacts.create(command, make_scene())
    assert [error.field for error in refused.value.errors] == [field]


@pytest.mark.parametrize(
    ("name", "view", "told"),
    [("Maya", None, "Maya"), (None, None, "another contact"), ("Maya", OWNERS, "another contact")],
    ids=["saved", "not saved", "not yours to see"],
)
def test_an_address_is_one_contacts_and_only_who_may_know_hears_whose(
    make_scene: MakeScene, name: str | None, view: Any, told: str
) -> None:
    known = [*somebody(101, MAYA, name=name, conversation=HIDDEN), *somebody(102, OTHER, name="Noor")]
    for act in (
        lambda scene: contacts.create(CreateContact("Eve", (phone(MAYA),)), scene),
        lambda scene: contacts.add(AddAddress(102, phone(MAYA)), scene),
    ):
        with pytest.raises(Refused) as refused:
            act(make_scene(*known, view=view, caller=AGENTS_OWN))
        assert (refused.value.reason, refused.value.code) == (Reason.CONFLICT, "address-taken")
        assert f"belongs to {told}" in refused.value.detail
        assert "merge" in refused.value.detail


def test_naming_a_contact_saves_them(make_scene: MakeScene) -> None:
    scene = make_scene(*somebody(101, MAYA), caller=AGENTS_OWN)
    after = contacts.update(UpdateContact(101, name="Maya", note="Prefers mornings."), scene)
    assert (after.name, after.saved, after.note) == ("Maya", True, "Prefers mornings.")
    emptied = contacts.update(UpdateContact(101, name=None, note=None), scene)
    assert (emptied.name, emptied.saved, emptied.note) == (None, True, None)


def test_a_contact_one_may_not_see_is_not_there(make_scene: MakeScene) -> None:
    known = somebody(101, MAYA, name="Maya", conversation=HIDDEN)
    for act in (
        lambda scene: contacts.update(UpdateContact(101, name="Eve"), scene),
        lambda scene: contacts.add(AddAddress(101, phone(OTHER)), scene),
        lambda scene: contacts.remove(RemoveAddress(101, 2101), scene),
        lambda scene: consent_changes.change(ChangeConsent(101, False), scene),
    ):
        with pytest.raises(Refused) as refused:
            act(make_scene(*known, view=OWNERS, caller=AGENTS_OWN))
        assert refused.value.reason is Reason.NOT_FOUND


def test_a_removed_address_is_free_for_somebody_else(make_scene: MakeScene) -> None:
    scene = make_scene(*somebody(101, MAYA, OTHER, sticky_address=MAYA), *somebody(102), caller=AGENTS_OWN)
    contacts.remove(RemoveAddress(101, 2101), scene)
    assert scene.working.thread_of(WORKSPACE, 101).sticky_address is None  # type: ignore[union-attr]
    added = contacts.add(AddAddress(102, phone(MAYA), "work"), scene)
    assert (added.contact_id, added.label) == (102, "work")
    assert contacts.add(AddAddress(102, phone(MAYA), "home"), scene).id == added.id
    with pytest.raises(Refused) as refused:
        contacts.remove(RemoveAddress(101, added.id), scene)
    assert refused.value.reason is Reason.NOT_FOUND


def test_the_thread_of_an_address_is_found_or_made(make_scene: MakeScene) -> None:
    scene = make_scene(*somebody(101, MAYA, conversation=HIDDEN), caller=AGENTS_OWN)
    found = contacts.find_or_create(FindOrCreateThread(phone(MAYA)), scene)
    assert (found.thread.id, found.conversation_id, found.created) == (1101, 501, False)
    made = contacts.find_or_create(FindOrCreateThread(phone(OTHER)), scene)
    assert (made.thread.seq, made.conversation_id, made.created) == (0, None, True)
    again = contacts.find_or_create(FindOrCreateThread(phone(OTHER)), scene)
    assert (again.thread.id, again.created) == (made.thread.id, False)
    with pytest.raises(Refused) as refused:
        contacts.find_or_create(
            FindOrCreateThread(phone(MAYA)),
            make_scene(*somebody(101, MAYA, name="Maya", conversation=HIDDEN), view=OWNERS, caller=AGENTS_OWN),
        )
    assert refused.value.reason is Reason.CONFLICT
    assert "Maya" not in refused.value.detail


def line(number: int, value: str, state: str, source: str, scope: str = "all", purpose: str = "any") -> ConsentRecord:
    return ConsentRecord(WORKSPACE, number, AddressKind.PHONE, value, scope, purpose, state, source, NOW - DAY, "STOP")


def test_what_a_contact_said_is_recorded_for_every_address_and_told_once(make_scene: MakeScene) -> None:
    scene = make_scene(*somebody(101, MAYA, OTHER), caller=AGENTS_OWN)
    consent_changes.change(ChangeConsent(101, False, words="Not on the phone, please."), scene)
    consent_changes.change(ChangeConsent(101, False), scene)
    lines = [(one.value, one.state, one.source, one.purpose, one.actor) for one in scene.working.all(ConsentRecord)]
    assert lines == [(value, "unsubscribed", "agent", "marketing", "user:13") for value in (MAYA, OTHER, MAYA, OTHER)]
    assert [event.type for event in scene.working.events] == ["contact_opted_out", "contact_opted_out"]
    assert [event.data["address_id"] for event in scene.working.events] == [2101, 2102]
    assert not any(MAYA in str(event.data) for event in scene.working.events)
    assert consents.refusal(scene, MAYA, "+14155550100", Purpose.MARKETING) is not None
    assert consents.refusal(scene, MAYA, "+14155550100", Purpose.CONVERSATIONAL) is None


@pytest.mark.parametrize(
    ("record", "refused"),
    [
        (line(1, MAYA, "unsubscribed", "contact"), True),
        (line(1, MAYA, "unsubscribed", "contact", "+14155550100"), True),
        (line(1, MAYA, "unsubscribed", "provider"), True),
        (line(1, MAYA, "unsubscribed", "contact", purpose="transactional"), False),
        (line(1, MAYA, "unsubscribed", "agent"), False),
        (line(1, MAYA, "subscribed", "contact"), False),
        (line(1, OTHER, "unsubscribed", "contact"), False),
    ],
)
def test_nobody_starts_what_the_contact_stopped(make_scene: MakeScene, record: ConsentRecord, refused: bool) -> None:
    for who in (ADMINISTRATOR, AGENTS_OWN, API):
        scene = make_scene(*somebody(101, MAYA), record, caller=who)
        if refused:
            with pytest.raises(Refused) as no:
                consent_changes.change(ChangeConsent(101, True), scene)
            assert (no.value.reason, no.value.code) == (Reason.CONFLICT, "stopped-by-contact")
            assert len(list(scene.working.all(ConsentRecord))) == 1
        else:
            consent_changes.change(ChangeConsent(101, True), scene)
            added = list(scene.working.all(ConsentRecord))[-1]
            assert (added.state, added.source) == ("subscribed", "api" if who is API else "agent")


def test_consent_needs_a_purpose_and_somebody_to_speak_of(make_scene: MakeScene) -> None:
    for command, field in ((ChangeConsent(101, True, "fun"), "purpose"), (ChangeConsent(102, True), "contact_id")):
        with pytest.raises(Refused) as refused:
            consent_changes.change(command, make_scene(*somebody(101, MAYA), *somebody(102)))
        assert refused.value.errors[0].field == field


def test_a_file_is_uploaded_or_fetched_once(make_scene: MakeScene) -> None:
    scene = make_scene(Media(WORKSPACE, 701, "image/jpeg", "pending", NOW - DAY, url="https://files.example/1"))
    uploaded = media_files.store(StoreMedia("image/png", 10, "a.png", "blob-1"), scene)
    assert scene.working.get(Media, WORKSPACE, uploaded).state == "stored"  # type: ignore[union-attr]
    media_files.record(RecordMedia(701, size=20, blob="blob-2"), scene)
    fetched = scene.working.get(Media, WORKSPACE, 701)
    assert fetched is not None
    assert (fetched.state, fetched.content_type, fetched.size, fetched.blob) == ("stored", "image/jpeg", 20, "blob-2")
    media_files.record(RecordMedia(701, blob="blob-3"), scene)
    media_files.record(RecordMedia(702, blob="blob-4"), scene)
    assert scene.working.get(Media, WORKSPACE, 701) == fetched
    assert [(one.kind, one.data) for one in scene.working.all(Work)] == [
        ("media_erase", {"blob": "blob-3"}),
        ("media_erase", {"blob": "blob-4"}),
    ]
    with pytest.raises(Refused):
        media_files.store(StoreMedia("image/png", 0, None, "blob-5"), scene)


def test_an_upload_goes_with_its_bytes_and_the_library_only_stops_offering(make_scene: MakeScene) -> None:
    mine = Media(WORKSPACE, 701, "image/png", "stored", NOW - DAY, blob="blob-1", user_id=AGENT)
    theirs = Media(WORKSPACE, 702, "image/png", "stored", NOW - DAY, blob="blob-2", user_id=ADMIN)
    kept = Media(WORKSPACE, 703, "image/png", "stored", NOW - DAY, blob="blob-3", user_id=ADMIN, library=True)
    scene = make_scene(mine, theirs, kept, caller=AGENTS_OWN)
    media_files.remove(RemoveMedia(701), scene)
    assert scene.working.get(Media, WORKSPACE, 701) is None
    assert [(one.kind, one.data) for one in scene.working.all(Work)] == [("media_erase", {"blob": "blob-1"})]
    for other, reason in ((702, Reason.NOT_FOUND), (703, Reason.FORBIDDEN), (709, Reason.NOT_FOUND)):
        with pytest.raises(Refused) as refused:
            media_files.remove(RemoveMedia(other), scene)
        assert refused.value.reason is reason
    shelf = make_scene(kept, caller=SUPERVISING)
    media_files.remove(RemoveMedia(703), shelf)
    left = shelf.working.get(Media, WORKSPACE, 703)
    assert left is not None
    assert (left.removed_at, left.blob) == (NOW, "blob-3")
    assert list(shelf.working.all(Work)) == []


def test_a_note_tells_whom_it_names(make_scene: MakeScene) -> None:
    scene = make_scene(*somebody(101, MAYA), caller=AGENTS_OWN)
    note = notes.add_note(AddNote(1101, "@Sue, @ada and @Ann: look"), scene)
    assert note.mentions == (SUPERVISOR, ADMIN)
    assert scene.working.events[-1].data == {"on_contact": False, "mentions": [SUPERVISOR, ADMIN]}
    notes.add_note(AddNote(1101, "for nobody"), scene)
    assert scene.working.events[-1].data == {"on_contact": False}


def test_plugins_add_events_under_names_of_their_own(make_scene: MakeScene) -> None:
    scene = make_scene(*somebody(101, MAYA, conversation=HIDDEN))
    event = events_of_plugins.append(AppendEvent("order_shipped", 1101, {"order": 7}), scene)
    assert (event.type, event.thread_id, event.conversation_id, event.user_id) == (
        "order_shipped",
        1101,
        501,
        SUPERVISOR,
    )
    for command in (AppendEvent("message_sent"), AppendEvent("no name"), AppendEvent("order_shipped", 999)):
        with pytest.raises(Refused):
            events_of_plugins.append(command, scene)
    with pytest.raises(Refused):
        events_of_plugins.append(AppendEvent("order_shipped"), make_scene(caller=AGENTS_OWN))


def test_an_erased_contact_is_not_there(make_scene: MakeScene) -> None:
    _, thread = somebody(101)
    gone = Contact(WORKSPACE, 101, NOW - DAY, erased_at=NOW - 1)
    with pytest.raises(Refused) as refused:
        contacts.update(UpdateContact(101, name="Maya"), make_scene(gone, thread))
    assert refused.value.reason is Reason.NOT_FOUND
