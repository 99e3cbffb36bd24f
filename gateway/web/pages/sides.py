"""The contact panel."""

from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from gateway.core.consents import entry_of
from gateway.domain.address import AddressKind
from gateway.domain.consent import ALL_SENDERS, OWN_SOURCES, Purpose, allows
from gateway.domain.ids import format_id
from gateway.domain.model import ConsentRecord, Note
from gateway.domain.visibility import Permission
from gateway.storage.conversation_rows import ConversationRow
from gateway.storage.thread_reads import EntryView
from gateway.web.contact_sight import standing_lines
from gateway.web.pages.activity import activity_lines
from gateway.web.pages.desk import Desk
from gateway.web.pages.formatting import Times, address_text
from gateway.web.pages.timeline import TimelineMaker
from gateway.web.pages.views_shell import Choice
from gateway.web.pages.views_thread import ConsentLine, Field, Head, Side

_ICONS: Final = {AddressKind.EMAIL: "mail"}
_SOURCES: Final = {
    "contact": "said by the contact",
    "provider": "told by the provider",
    "form": "from a form",
    "agent": "recorded by the team",
    "api": "recorded through the API",
    "import": "imported",
}
_SAID: Final = {"subscribed": "Subscribed", "unsubscribed": "Opted out", "unknown": "No opt-out, it was decided"}


class Kept(Protocol):
    """What was loaded for a panel."""

    @property
    def activity(self) -> Sequence[EntryView]:
        """What happened, newest first."""

    @property
    def consents(self) -> Sequence[ConsentRecord]:
        """The ledger, newest first."""

    @property
    def lists(self) -> Sequence[int]:
        """The lists the contact is on."""

    @property
    def notes(self) -> Sequence[Note]:
        """Notes, newest first."""


def side_of(desk: Desk, row: ConversationRow, head: Head, kept: Kept, maker: TimelineMaker) -> Side:
    """The panel of whoever a conversation is with."""
    contact, times, _ = row.contact, desk.times, desk.language.gettext
    consents = list(_standing(kept.consents, times))
    return Side(
        contact=format_id("cnt", contact.id),
        person=head.person,
        saved=contact.saved,
        since=_("Contact since %(day)s", day=times.date(contact.created_at))
        if contact.saved
        else _("Not in your contacts"),
        addresses=[
            Field(
                one.kind,
                address_text(one.kind, one.value),
                icon_of(one.kind),
                one.label
                or (_("Last used") if one.value == row.thread.sticky_address and len(row.addresses) > 1 else ""),
            )
            for one in row.addresses
        ],
        fields=[Field(name, value) for name, value in contact.fields.items()],
        consents=consents,
        opted_out=stopped_by(kept.consents, times),
        lists=lists_shown(desk, kept.lists, on=True),
        previous=head.previous,
        activity=list(activity_lines(desk, kept.activity, head.person.name)),
        notes=[maker.note(note) for note in kept.notes],
        first_address=address_text(row.addresses[0].kind, row.addresses[0].value) if row.addresses else "",
        may_edit=desk.signed.may(Permission.EDIT_CONTACTS),
        conversation=head.id,
    )


def lists_shown(desk: Desk, ids: Sequence[int], *, on: bool) -> list[Choice]:
    """The lists somebody is on, or the others, by name."""
    live = (one for one in desk.view.live(desk.view.lists) if (one.id in ids) is on)
    return [Choice(one.name, format_id("lst", one.id)) for one in sorted(live, key=lambda one: one.name.casefold())]


def icon_of(kind: AddressKind) -> str:
    """The icon beside an address."""
    return _ICONS.get(kind, "smartphone")


def _standing(ledger: Sequence[ConsentRecord], times: Times) -> Iterable[ConsentLine]:
    """The last word on each address and purpose."""
    for one in standing_lines(ledger):
        what = "" if one.purpose == "any" else f" to {one.purpose} messages"
        text = f"{_SAID.get(one.state, one.state)}{what}"
        source = _SOURCES.get(one.source, one.source)
        yield ConsentLine(
            address_text(one.kind, one.value), text, one.words or "", one.state, source, times.full(one.at)
        )


def stopped_by(ledger: Sequence[ConsentRecord], times: Times) -> str:
    """The sentence about the stop that still stands, or nothing. The ledger comes newest first."""
    stops = [one for one in ledger if _stands(one, ledger)]
    if not stops:
        return ""
    one = min(stops, key=lambda stop: stop.sender_scope != ALL_SENDERS)  # the newest of the widest
    _ = times.language.gettext
    said = _(" with “%(words)s”") % {"words": one.words} if one.words else ""
    if one.source not in OWN_SOURCES:
        told = _("Opted out %(when)s%(said)s. Messages are blocked until they are subscribed again.")
        return told % {"when": times.full(one.at), "said": said}
    if one.sender_scope == ALL_SENDERS:
        told = _("Opted out %(when)s%(said)s. Messages are blocked until they text START.")
        return told % {"when": times.full(one.at), "said": said}
    told = _("Opted out %(when)s%(said)s of messages from %(sender)s. Those are blocked until they text START.")
    return told % {"when": times.full(one.at), "said": said, "sender": address_text(one.kind, one.sender_scope)}


def _stands(one: ConsentRecord, ledger: Sequence[ConsentRecord]) -> bool:
    """Whether this stop of conversations is in force for whom it is about."""
    if one.state != "unsubscribed" or one.purpose not in {"any", "conversational"}:
        return False
    entries = [entry_of(line) for line in reversed(ledger) if line.value == one.value]
    return not allows(entries, one.sender_scope, Purpose.CONVERSATIONAL)
