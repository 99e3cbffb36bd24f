"""Whom a campaign means: the contacts of its lists, as they are now, and who of them is left out and why."""

from collections.abc import Iterable, Mapping, Sequence

from gateway.core.automation_facts import contact_facts
from gateway.core.campaign_checks import is_mail, rules_of
from gateway.core.consents import OPTED_OUT, entry_of
from gateway.core.quiet import home_zone, zones_for
from gateway.core.routing import named_sender
from gateway.core.templates import name_parts, render, values_of
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.address import AddressKind
from gateway.domain.campaigns import Campaign, CampaignRecipient, RecipientState
from gateway.domain.consent import ALL_SENDERS, ConsentEntry, ConsentState, Purpose, standing
from gateway.domain.model import Contact, ContactAddress
from gateway.domain.record import record
from gateway.domain.rules import Moment, all_hold
from gateway.domain.settings import Sender
from gateway.storage.campaign_reads import known_recipients, members_after
from gateway.storage.conversation_rows import addresses_of, contacts_after_merging
from gateway.storage.records import CONSENTS, CONTACTS
from gateway.storage.session import Session


@record(gc=True)
class Person:
    """A contact who leads, with every address that is theirs, and the ids of everybody they are."""

    contact: Contact
    addresses: tuple[ContactAddress, ...]
    family: frozenset[int] = frozenset()


@record
class Slice:
    """Recipients up to contact `to`: those who wait and those who are skipped.

    `repeats` were there already, `left_out` don't meet the conditions.
    """

    recipients: tuple[CampaignRecipient, ...]
    to: int
    repeats: int
    left_out: int
    last: bool
    without_consent: int = 0


def people_after(
    session: Session,
    view: WorkspaceView,
    campaign: Campaign,
    moment: Moment,
    *,
    after: int,
    limit: int,
    known: set[int] | None = None,
) -> Slice:
    """The next contacts on its lists beyond `after`. `known`: whom to take for written down, instead of asking."""
    ws = campaign.workspace_id
    live = [one for one in campaign.list_ids if one in view.lists and view.lists[one].removed_at is None]
    until = campaign.started_at or moment.now
    ids, repeats, last = members_after(session, ws, live, after, until, limit)
    if not ids:
        return Slice((), after, repeats, 0, last)
    winners = contacts_after_merging(session, ws, ids)
    people = {one.id: one for one in winners.values() if one.erased_at is None}
    there = known_recipients(session, ws, campaign.id, people) if known is None else known & people.keys()
    addresses = addresses_of_families(session, ws, families_of(session, ws, people))
    ledger = ledger_of(session, ws, addresses)
    rules = rules_of(campaign.conditions)
    named = named_sender(view, campaign.from_) if campaign.from_ is not None else None
    scopes = frozenset({named.value}) if isinstance(named, Sender) else None
    way = _Way(is_mail(view, campaign), scopes, Purpose(campaign.purpose))
    made, left_out, unproved = [], 0, 0
    for contact in people.values():
        if contact.id in there:
            continue
        mine = addresses.get(contact.id, ())
        if rules and not all_hold(rules, {"contact": contact_facts(contact, mine)}, moment):
            left_out += 1
            continue
        row, proved = _recipient(view, campaign, contact, mine, ledger, way)
        made.append(row)
        unproved += row.state is RecipientState.WAITING and not proved
    repeats += len(ids) - len(people) + len(there) - sum(one not in winners for one in ids)
    return Slice(tuple(made), ids[-1], repeats, left_out, last, unproved)


def families_of(session: Session, workspace_id: int, contact_ids: Iterable[int]) -> dict[int, int]:
    """These contacts and everybody merged into them, each with who leads."""
    leads = {one: one for one in contact_ids}
    fresh = set(leads)
    while fresh:
        losers = CONTACTS.by(session, workspace_id, "merged_into", fresh)
        fresh = {one.id for one in losers} - leads.keys()
        leads.update({one.id: leads[one.merged_into or 0] for one in losers if one.id in fresh})
    return leads


def addresses_of_families(
    session: Session, workspace_id: int, leads: Mapping[int, int]
) -> dict[int, tuple[ContactAddress, ...]]:
    """The live addresses of whoever leads and of everybody merged into them, the oldest first."""
    found: dict[int, tuple[ContactAddress, ...]] = {}
    for contact_id, mine in sorted(addresses_of(session, workspace_id, leads).items()):
        found[leads[contact_id]] = (*found.get(leads[contact_id], ()), *mine)
    return found


def ledger_of(
    session: Session, workspace_id: int, addresses: Mapping[int, tuple[ContactAddress, ...]]
) -> dict[str, list[ConsentEntry]]:
    """What was said of each of these addresses, the oldest first. What somebody said who was erased since is found when
    the message is queued.
    """
    values = {one.value for mine in addresses.values() for one in mine}
    found: dict[str, list[ConsentEntry]] = {}
    for line in sorted(CONSENTS.by(session, workspace_id, "value", values), key=lambda one: one.id):
        found.setdefault(line.value, []).append(entry_of(line))
    return found


@record
class _Way:
    """What is the same for all of them: whether it is mail, and what may have been said of which of our senders.

    Where the sender is chosen for each (`scopes` is None), what was said to any of ours may count: the one that is
    chosen is asked about when the message is queued.
    """

    mail: bool
    scopes: frozenset[str] | None
    purpose: Purpose

    def standings(self, said: Sequence[ConsentEntry]) -> list[ConsentEntry | None]:
        """What stands, for each sender it may go out from."""
        scopes = self.scopes if self.scopes is not None else {one.sender_scope for one in said} | {ALL_SENDERS}
        return [standing(said, scope, self.purpose) for scope in scopes]


def _recipient(
    view: WorkspaceView,
    campaign: Campaign,
    contact: Contact,
    mine: tuple[ContactAddress, ...],
    ledger: Mapping[str, list[ConsentEntry]],
    way: _Way,
) -> tuple[CampaignRecipient, bool]:
    """One row, and whether they are known to have agreed."""
    fitting = [one for one in mine if (one.kind is AddressKind.EMAIL) == way.mail]
    row = CampaignRecipient(campaign.workspace_id, campaign.id, contact.id, zone=zone_of(view, contact, fitting))
    if not fitting:
        reason = f"This contact has no {'e-mail address' if way.mail else 'phone number'}."
        return _skipped(row, "no-address", reason), True
    stands = [stand for one in fitting for stand in way.standings(ledger.get(one.value, ()))]
    if all(one is not None and one.state is ConsentState.UNSUBSCRIBED for one in stands):
        return _skipped(row, OPTED_OUT, "This contact opted out. Only they can start it again."), False
    proved = any(one is not None and one.state is ConsentState.SUBSCRIBED for one in stands)
    if campaign.agreed and not proved:
        return _skipped(row, "no-consent", "Nobody knows that this contact agreed to such messages."), False
    return row, proved


def zone_of(view: WorkspaceView, contact: Contact, addresses: list[ContactAddress]) -> str:
    """Where a contact's clocks are: their own zone, the number's, or the workspace's."""
    kind, value = (addresses[0].kind, addresses[0].value) if addresses else (AddressKind.EMAIL, "")
    zones = zones_for(contact, kind, value)
    return ", ".join(zones[:3]) + (", …" if len(zones) > 3 else "") if zones else home_zone(view)


def words_for(campaign: Campaign, person: Person, user: str | None) -> tuple[str, str | None]:
    """Body and subject with the contact's own words. Raises Refused where a field is missing."""
    values = {**values_of(person.contact, list(person.addresses), user), "user": name_parts(user)}
    subject = None if campaign.subject is None else " ".join(render(campaign.subject, values, "subject").split())
    return render(campaign.body, values), subject


def _skipped(row: CampaignRecipient, code: str, reason: str) -> CampaignRecipient:
    return CampaignRecipient(
        row.workspace_id,
        row.campaign_id,
        row.contact_id,
        RecipientState.SKIPPED,
        zone=row.zone,
        code=code,
        reason=reason,
    )
