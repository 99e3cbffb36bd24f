"""The contact panel."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, Protocol

from gateway.domain.address import AddressKind
from gateway.domain.ids import format_id
from gateway.domain.model import ConsentRecord, EntryKind, Note
from gateway.storage.conversation_rows import ConversationRow
from gateway.storage.thread_reads import EntryView
from gateway.web.pages.desk import Desk
from gateway.web.pages.event_lines import event_line
from gateway.web.pages.formatting import Times, address_text
from gateway.web.pages.timeline import TimelineMaker
from gateway.web.pages.views_thread import ConsentLine, EventLine, Field, Head, Side

_ICONS: Final = {AddressKind.EMAIL: "mail"}
_SAID: Final = {"subscribed": "Subscribed", "unsubscribed": "Opted out", "unknown": "Not asked"}


class Kept(Protocol):
    """What was loaded for a panel."""

    @property
    def activity(self) -> Sequence[EntryView]:
        """Events and notes, newest first."""

    @property
    def consents(self) -> Sequence[ConsentRecord]:
        """The ledger, newest first."""

    @property
    def notes(self) -> Sequence[Note]:
        """Notes, newest first."""


def side_of(desk: Desk, row: ConversationRow, head: Head, kept: Kept, maker: TimelineMaker) -> Side:
    """The panel of whoever a conversation is with."""
    contact, times = row.contact, desk.times
    consents = list(_standing(kept.consents, times))
    stopped = next((one for one in kept.consents if one.purpose in {"any", "conversational"}), None)
    return Side(
        contact=format_id("cnt", contact.id),
        person=head.person,
        saved=contact.saved,
        since=f"Contact since {times.day_name(contact.created_at).lower()}"
        if contact.saved
        else "Not in your contacts",
        addresses=[
            Field(
                one.kind,
                address_text(one.kind, one.value),
                _ICONS.get(one.kind, "smartphone"),
                one.label or ("Last used" if one.value == row.thread.sticky_address and len(row.addresses) > 1 else ""),
            )
            for one in row.addresses
        ],
        fields=[Field(name, value) for name, value in contact.fields.items()],
        consents=consents,
        opted_out=_stopped(stopped, times) if stopped and stopped.state == "unsubscribed" else "",
        previous=head.previous,
        activity=list(_activity(desk, kept.activity, head.person.name)),
        notes=[maker.note(note) for note in kept.notes],
        first_address=address_text(row.addresses[0].kind, row.addresses[0].value) if row.addresses else "",
    )


def _activity(desk: Desk, found: Sequence[EntryView], contact: str) -> Iterable[EventLine]:
    for one in found:
        if one.entry.kind is EntryKind.EVENT:
            line = event_line(one.entry, desk.view, desk.times, contact)
            yield replace(line, time=desk.times.full(one.entry.at))


def _standing(ledger: Sequence[ConsentRecord], times: Times) -> Iterable[ConsentLine]:
    """The last word on each address and purpose."""
    seen: set[tuple[str, str]] = set()
    for one in ledger:
        if (one.value, one.purpose) in seen:
            continue
        seen.add((one.value, one.purpose))
        what = "" if one.purpose == "any" else f" to {one.purpose} messages"
        text = f"{_SAID.get(one.state, one.state)}{what}, {times.day_name(one.at)}"
        yield ConsentLine(address_text(one.kind, one.value), text, one.words or "", one.state)


def _stopped(one: ConsentRecord, times: Times) -> str:
    said = f" with “{one.words}”" if one.words else ""
    return f"Opted out {times.full(one.at)}{said}. Messages are blocked until they text START."
