"""The page of one contact: what is known, what was agreed to, what was said and done."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import available_timezones

from aiohttp import web

from gateway.core.access import sees_conversation
from gateway.domain.address import AddressKind
from gateway.domain.consent import ALL_SENDERS, Purpose
from gateway.domain.conversation import State
from gateway.domain.ids import format_id
from gateway.domain.model import ConsentRecord, Conversation
from gateway.domain.record import record
from gateway.domain.visibility import Permission
from gateway.storage.contact_reads import ContactView, consent_ledger, contact_view, merged_contacts
from gateway.storage.families import family_of
from gateway.storage.list_reads import lists_of
from gateway.storage.records import CONVERSATIONS
from gateway.storage.session import Session
from gateway.storage.thread_reads import LAST, EntryView, entries
from gateway.web.contact_sight import find_contact, newest_conversation, standing_lines
from gateway.web.language import marked
from gateway.web.pages.activity import activity_of, load_activity
from gateway.web.pages.condition_words import STATES
from gateway.web.pages.desk import Desk, html
from gateway.web.pages.faces import face_of_contact
from gateway.web.pages.formatting import address_text, sender_text, zone_of_browser
from gateway.web.pages.shell import lone_shell
from gateway.web.pages.sides import icon_of, lists_shown, stopped_by
from gateway.web.pages.timeline import TimelineMaker
from gateway.web.pages.views_contact import AddressLine, ContactCard, Episode, Merged, Proof
from gateway.web.pages.views_shell import Choice

MOST_NOTES = 100
MOST_EPISODES = 50
_STATES: Final = {
    "subscribed": marked("Subscribed"),
    "unsubscribed": marked("Opted out"),
    "unknown": marked("No opt-out, it was decided"),
}
_SOURCES: Final = {
    "contact": marked("Said by the contact"),
    "provider": marked("Told by the provider"),
    "form": marked("From a form"),
    "agent": marked("Recorded by the team"),
    "api": marked("Recorded through the API"),
    "import": marked("Imported"),
}
PURPOSES: Final = (
    (marked("Campaigns and offers"), Purpose.MARKETING),
    (marked("Notices about orders and accounts"), Purpose.TRANSACTIONAL),
    (marked("Conversations"), Purpose.CONVERSATIONAL),
    (marked("Everything"), Purpose.ANY),
)


@record
class LoadedCard:
    """What one read transaction brought."""

    found: ContactView
    ledger: Sequence[ConsentRecord]
    conversations: Sequence[Conversation]
    notes: Sequence[EntryView]
    activity: Sequence[EntryView]
    merged: Sequence[ContactView]
    into: ContactView | None
    lists: Sequence[int]


async def show_contact(desk: Desk) -> web.StreamResponse:
    """The page."""
    card = await card_of(desk, desk.id("cnt"))
    return desk.page("contact.html", shell=await lone_shell(desk, "contacts"), card=card)


async def show_activity(desk: Desk) -> web.StreamResponse:
    """Older lines of what happened."""
    found = await find_contact(desk, desk.id("cnt"))
    person = face_of_contact(found.contact, list(found.addresses), desk.language)
    cursor, thread = desk.request.query.get("cursor"), found.thread
    lines = (
        [] if thread is None else await desk.read(lambda one: load_activity(one, desk.workspace_id, thread.id, cursor))
    )
    activity = activity_of(desk, person.id, lines, person.name)
    if desk.by_script:
        return html(desk.pieces("activity_lines", activity=activity))
    shell = await lone_shell(desk, "contacts")
    return desk.page("contact_activity.html", shell=shell, activity=activity, person=person)


async def card_of(desk: Desk, contact_id: int) -> ContactCard:
    """Everything of a contact the person may see. Problem 404 otherwise."""
    found = await find_contact(desk, contact_id)
    return _card(desk, await desk.read(lambda session: _load(session, desk, found)))


def _load(session: Session, desk: Desk, found: ContactView) -> LoadedCard:
    workspace_id, contact = desk.workspace_id, found.contact
    thread_id = found.thread.id if found.thread else 0
    into = None if contact.merged_into is None else contact_view(session, workspace_id, contact.merged_into)
    return LoadedCard(
        found,
        consent_ledger(session, workspace_id, contact.id),
        _conversations(session, desk, thread_id),
        entries(session, workspace_id, thread_id, limit=MOST_NOTES, before=LAST, types=("note",)),
        load_activity(session, workspace_id, thread_id),
        [] if into else merged_contacts(session, workspace_id, contact.id),
        into,
        lists_of(session, workspace_id, contact.id),
    )


def _conversations(session: Session, desk: Desk, thread_id: int) -> list[Conversation]:
    """Those the person may open, the newest first."""
    family = [one.id for one in family_of(session, desk.workspace_id, thread_id)]
    if not family:
        return []
    newest = newest_conversation(session, desk.workspace_id, thread_id)
    found = CONVERSATIONS.by(session, desk.workspace_id, "thread_id", family)
    seen = [one for one in found if sees_conversation(desk.view, desk.caller, one, newest)]
    return sorted(seen, key=lambda one: (one.opened_at, one.id), reverse=True)[:MOST_EPISODES]


def _card(desk: Desk, loaded: LoadedCard) -> ContactCard:
    _ = desk.language.gettext
    contact, times, thread = loaded.found.contact, desk.times, loaded.found.thread
    person = face_of_contact(contact, list(loaded.found.addresses), desk.language)
    maker = TimelineMaker(desk.view, times, person)
    episodes = [_episode(desk, one) for one in loaded.conversations]
    return ContactCard(
        id=person.id,
        person=person,
        name=contact.name or "",
        saved=contact.saved,
        since=_("Contact since %(date)s", date=times.date(contact.created_at))
        if contact.saved
        else _("Not in your contacts"),
        timezone=contact.timezone or "",
        local_time=_local_time(contact.timezone, times.now),
        about=contact.note or "",
        addresses=_addresses(loaded.found),
        fields=[Choice(name, value) for name, value in contact.fields.items()],
        proofs=list(_proofs(desk, loaded.ledger)),
        opted_out=stopped_by(loaded.ledger, times),
        episodes=episodes,
        notes=[maker.note(one.note) for one in reversed(loaded.notes) if one.note is not None],
        activity=activity_of(desk, person.id, loaded.activity, person.name),
        merged=[_merged(desk, one) for one in loaded.merged],
        into=_merged(desk, loaded.into) if loaded.into else None,
        write=_write(loaded, episodes),
        thread=format_id("thr", thread.id) if thread else "",
        may_edit=desk.signed.may(Permission.EDIT_CONTACTS),
        may_erase=desk.signed.may(Permission.ERASE_CONTACTS),
        lists=lists_shown(desk, loaded.lists, on=True),
        other_lists=lists_shown(desk, loaded.lists, on=False),
        purposes=[Choice(_(label), value) for label, value in PURPOSES],
        zones=sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")),
    )


def _addresses(found: ContactView) -> list[AddressLine]:
    used = found.thread.sticky_address if found.thread else None
    return [
        AddressLine(
            format_id("adr", one.id),
            address_text(one.kind, one.value),
            icon_of(one.kind),
            one.label or "",
            one.value == used and len(found.addresses) > 1,
        )
        for one in found.addresses
    ]


def _proofs(desk: Desk, ledger: Sequence[ConsentRecord]) -> Iterable[Proof]:
    _ = desk.language.gettext
    standing = {one.id for one in standing_lines(ledger)}
    for one in ledger:
        label = next((_(name) for name, purpose in PURPOSES if purpose == one.purpose), one.purpose)
        scope = _("Any of our numbers") if one.sender_scope == ALL_SENDERS else sender_text(one.sender_scope)
        yield Proof(
            address_text(AddressKind(one.kind), one.value),
            one.state,
            f"{_(_STATES.get(one.state, one.state))}: {label}",
            scope,
            _(_SOURCES.get(one.source, one.source)),
            one.words or "",
            desk.times.full(one.at),
            desk.times.iso(one.at),
            one.id in standing,
        )


def _episode(desk: Desk, one: Conversation) -> Episode:
    return Episode(
        f"/conversations/{format_id('cnv', one.id)}",
        one.preview or desk.language.gettext("Conversation %(number)s", number=one.number),
        desk.language.gettext(STATES[one.state]),
        desk.times.full(one.last_at),
        one.state is not State.CLOSED,
    )


def _merged(desk: Desk, one: ContactView) -> Merged:
    person = face_of_contact(one.contact, list(one.addresses), desk.language)
    values = ", ".join(address_text(address.kind, address.value) for address in one.addresses)
    return Merged(person.id, person.name, values if values != person.name else "")


def _write(loaded: LoadedCard, episodes: Sequence[Episode]) -> str:
    """The conversation that is under way, else a new message to the address used last."""
    live = next((one.href for one in episodes if one.live), "")
    if live or not loaded.found.addresses:
        return live
    used = loaded.found.thread.sticky_address if loaded.found.thread else None
    values = [one.value for one in loaded.found.addresses]
    chosen = used if used in values else values[0]
    return f"/new?to={chosen.replace('+', '%2B')}"


def _local_time(zone: str | None, now: int) -> str:
    return f"{datetime.fromtimestamp(now / 1000, zone_of_browser(zone)):%H:%M}" if zone else ""
