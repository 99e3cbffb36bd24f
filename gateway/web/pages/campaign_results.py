"""A campaign under way or over: its figures, whom they count, and why."""

from collections.abc import Mapping, Sequence
from typing import Final

from gateway.domain.campaigns import (
    ARRIVED,
    LOST,
    OVER,
    UNSETTLED,
    Campaign,
    CampaignProgress,
    CampaignRecipient,
    CampaignState,
    RecipientState,
)
from gateway.domain.ids import format_id
from gateway.domain.visibility import Permission
from gateway.storage import campaign_reads
from gateway.storage.campaign_counts import Results
from gateway.storage.contact_reads import ContactView, contact_view
from gateway.storage.conversation_rows import contacts_after_merging
from gateway.storage.page import BadCursor, Page
from gateway.storage.session import Session
from gateway.web import problems
from gateway.web.campaign_sight import campaign_of
from gateway.web.contact_sight import sees_contact
from gateway.web.pages.campaign_editor import HOME
from gateway.web.pages.campaign_words import OUTCOMES, campaign_row, costs_text, why
from gateway.web.pages.desk import Desk
from gateway.web.pages.faces import face_of_contact
from gateway.web.pages.formatting import sender_text
from gateway.web.pages.views_campaigns import CampaignPage, Figure, RecipientRow
from gateway.web.pages.views_shell import Person
from gateway.web.told import told

PAGE: Final = 50
FRESH_MS: Final = 600_000
Known = tuple[Campaign, CampaignProgress, Results]
_SHOWN: Final[Mapping[str, tuple[RecipientState, ...]]] = {
    "all": (),
    "waiting": (RecipientState.WAITING, *UNSETTLED),
    "sent": ARRIVED,
    "delivered": (RecipientState.DELIVERED, RecipientState.READ),
    "failed": LOST,
    "uncertain": (RecipientState.UNCERTAIN,),
    "skipped": (RecipientState.SKIPPED,),
    "cancelled": (RecipientState.CANCELLED,),
    "replied": (),
    "opted_out": (),
}
_OFFERED: Final[Mapping[CampaignState, frozenset[str]]] = {
    CampaignState.SCHEDULED: frozenset({"cancel", "pause", "edit"}),
    CampaignState.LOADING: frozenset({"pause", "cancel"}),
    CampaignState.RUNNING: frozenset({"pause", "cancel"}),
    CampaignState.PAUSED: frozenset({"resume", "cancel"}),
    CampaignState.COMPLETED: frozenset({"copy", "remove"}),
    CampaignState.CANCELLED: frozenset({"copy", "remove"}),
}


async def results_page(desk: Desk, campaign_id: int) -> CampaignPage:
    """How it goes: figures, and the recipients that the query asks for."""
    query = desk.request.query
    shown = query.get("show", "all") if query.get("show") in _SHOWN else "all"
    manages = desk.signed.may(Permission.MANAGE_OUTREACH)

    def look(session: Session) -> tuple[Known, str | None, list[RecipientRow]]:
        found = campaign_of(session, desk.workspace_id, campaign_id)
        if found is None:
            raise problems.not_found("campaign")
        people = _people(session, desk, campaign_id, shown) if manages else Page([], None)
        return found, people.next, _rows(session, desk, people.items)

    (campaign, progress, results), following, rows = await desk.read(look)
    address = f"{HOME}/{format_id('cmp', campaign.id)}"
    skipped = [
        (why(desk.language, code), desk.language.number(count)) for code, count in sorted(results.skipped.items())
    ]
    return CampaignPage(
        campaign_row(desk, campaign, results),
        campaign.body,
        campaign.subject or "",
        _facts(desk, campaign, progress),
        _figures(desk, results, address, shown),
        skipped,
        round(100 * results.done / results.total) if results.total else 100 if campaign.state in OVER else 0,
        _said(desk, campaign, results),
        told(desk.language, campaign.reason or ""),
        _OFFERED.get(campaign.state, frozenset()) if manages else frozenset(),
        rows,
        f"{address}?show={shown}&cursor={following}" if following else "",
        shown,
        str(campaign.pace or ""),
        manages,
        desk.signed.may(Permission.EXPORT),
        campaign.ended_at is None or desk.times.now - campaign.ended_at < FRESH_MS,
    )


def _people(session: Session, desk: Desk, campaign_id: int, shown: str) -> Page[CampaignRecipient]:
    try:
        return campaign_reads.recipient_page(
            session,
            desk.workspace_id,
            campaign_id,
            states=_SHOWN[shown],
            replied=shown == "replied",
            opted_out=shown == "opted_out",
            limit=PAGE,
            cursor=desk.request.query.get("cursor") or None,
        )
    except BadCursor:
        raise problems.not_found("page") from None


def _rows(session: Session, desk: Desk, people: Sequence[CampaignRecipient]) -> list[RecipientRow]:
    """Whoever talks with somebody else at the moment is counted and not named, as everywhere."""
    winners = contacts_after_merging(session, desk.workspace_id, [one.contact_id for one in people])
    made, _ = [], desk.language.gettext
    for one in people:
        contact = winners.get(one.contact_id)
        found = contact_view(session, desk.workspace_id, contact.id) if contact else None
        seen = found is not None and sees_contact(session, desk, found)
        made.append(_row(desk, one, found if seen else None))
    return made


def _row(desk: Desk, one: CampaignRecipient, found: ContactView | None) -> RecipientRow:
    _ = desk.language.gettext
    label, tone, icon = OUTCOMES[one.state]
    person, href = Person("", _("Somebody"), "", 0), ""
    if found is not None and found.contact.erased_at is None:
        person = face_of_contact(found.contact, list(found.addresses), desk.language)
        href = f"/contacts/{person.id}"
    notes = []
    if one.replied_at:
        notes.append(_("Answered %(when)s", when=desk.times.full(one.replied_at)))
    if one.opted_out_at:
        notes.append(_("Opted out %(when)s", when=desk.times.full(one.opted_out_at)))
    if one.state is RecipientState.WAITING and one.due_at > desk.times.now:
        notes.append(_("Night there until %(when)s", when=desk.times.full(one.due_at)))
    if one.zone:
        notes.append(one.zone)
    reason = told(desk.language, one.reason) if one.reason else ""
    return RecipientRow(person, href, str(one.state), _(label), tone, icon, reason, " · ".join(notes))


def _figures(desk: Desk, results: Results, address: str, shown: str) -> list[Figure]:
    _, number = desk.language.gettext, desk.language.number
    reached = results.sent + results.failed + results.states.get("uncertain", 0)

    def figure(key: str, label: str, count: int, *, share: bool = False) -> Figure:
        part = desk.language.percent(count / reached) if share and reached else ""
        return Figure(label, number(count), f"{address}?show={key}#people", part, shown == key)

    found = [
        figure("all", _("Recipients"), results.total),
        figure("waiting", _("Still to come"), results.waiting + results.under_way),
        figure("sent", _("Sent"), results.sent),
        figure("delivered", _("Delivered"), results.delivered, share=True),
        figure("failed", _("Failed"), results.failed, share=True),
        figure("skipped", _("Skipped"), sum(results.skipped.values())),
        figure("replied", _("Answered"), results.replies, share=True),
        figure("opted_out", _("Opted out since"), results.opted_out, share=True),
    ]
    for key, label in (("uncertain", _("Uncertain")), ("cancelled", _("Cancelled"))):
        if results.states.get(key):
            found.append(figure(key, label, results.states[key]))
    return found


def _facts(desk: Desk, campaign: Campaign, progress: CampaignProgress) -> list[tuple[str, str]]:
    _, times = desk.language.gettext, desk.times
    lists = [desk.view.lists[one].name for one in campaign.list_ids if one in desk.view.lists]
    found = [(_("Lists"), ", ".join(lists) or _("No list"))]
    if campaign.from_:
        named = desk.view.senders.get(desk.parse(campaign.from_, "snd")) if campaign.from_.startswith("snd_") else None
        pool = desk.view.pools.get(desk.parse(campaign.from_, "pol")) if campaign.from_.startswith("pol_") else None
        label = (named.label or sender_text(named.value)) if named else pool.name if pool else campaign.from_
        found.append((_("From"), label))
    if campaign.send_at:
        found.append((_("Planned for"), times.full(campaign.send_at)))
    if campaign.started_at:
        found.append((_("Started"), times.full(campaign.started_at)))
    if campaign.ended_at:
        found.append((_("Ended"), times.full(campaign.ended_at)))
    if campaign.expires_at:
        found.append((_("Not after"), times.full(campaign.expires_at)))
    if progress.repeats:
        found.append((_("On several lists, and written to once"), desk.language.number(progress.repeats)))
    if progress.left_out:
        found.append((_("Don't meet the conditions"), desk.language.number(progress.left_out)))
    return found


def _said(desk: Desk, campaign: Campaign, results: Results) -> str:
    _, number = desk.language.gettext, desk.language.number
    if campaign.state is CampaignState.LOADING:
        return _("%(count)s recipients written down so far", count=number(results.total))
    said = _("%(done)s of %(total)s dealt with", done=number(results.done), total=number(results.total))
    cost = costs_text(desk.language, results.cost)
    parts = desk.language.ngettext("%(num)s part", "%(num)s parts", results.segments)
    return " · ".join(one for one in (said, parts if results.segments else "", cost) if one)
