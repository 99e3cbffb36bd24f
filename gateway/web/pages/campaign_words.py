"""The words of campaigns: how one is, what became of a recipient, why one was skipped, what a letter costs."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from gateway.core.campaign_preview import Shown
from gateway.core.consents import OPTED_OUT
from gateway.core.wishes import WAITS
from gateway.domain.campaigns import Campaign, CampaignState, RecipientState
from gateway.domain.encoding import Encoding
from gateway.domain.ids import format_id
from gateway.domain.model import ContactAddress
from gateway.domain.smart import costly
from gateway.storage.campaign_counts import Results
from gateway.web.language import Language, marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.faces import face_of_contact
from gateway.web.pages.formatting import address_text, sender_text
from gateway.web.pages.views_campaigns import CampaignRow, Letter
from gateway.web.told import told

STATES: Final[Mapping[CampaignState, tuple[str, str, str]]] = {
    CampaignState.DRAFT: (marked("Draft"), "", "pencil"),
    CampaignState.SCHEDULED: (marked("Scheduled"), "st-blue", "clock"),
    CampaignState.LOADING: (marked("Preparing"), "st-blue", "refresh-cw"),
    CampaignState.RUNNING: (marked("Sending"), "st-blue", "send-horizontal"),
    CampaignState.PAUSED: (marked("Paused"), "st-amber", "pause"),
    CampaignState.COMPLETED: (marked("Completed"), "st-green", "check"),
    CampaignState.CANCELLED: (marked("Cancelled"), "st-red", "circle-x"),
}
OUTCOMES: Final[Mapping[RecipientState, tuple[str, str, str]]] = {
    RecipientState.WAITING: (marked("Waits for its turn"), "", "clock"),
    RecipientState.SKIPPED: (marked("Skipped"), "st-amber", "circle-x"),
    RecipientState.HELD: (marked("Put aside"), "", "clock"),
    RecipientState.QUEUED: (marked("Queued"), "st-blue", "clock"),
    RecipientState.SENDING: (marked("Sending"), "st-blue", "send-horizontal"),
    RecipientState.UNCERTAIN: (marked("Uncertain"), "st-amber", "circle-help"),
    RecipientState.SENT: (marked("Sent"), "st-green", "check"),
    RecipientState.DELIVERED: (marked("Delivered"), "st-green", "check"),
    RecipientState.READ: (marked("Read"), "st-green", "check"),
    RecipientState.UNDELIVERED: (marked("Not delivered"), "st-red", "circle-alert"),
    RecipientState.FAILED: (marked("Failed"), "st-red", "circle-alert"),
    RecipientState.EXPIRED: (marked("Expired"), "st-red", "circle-alert"),
    RecipientState.CANCELLED: (marked("Cancelled"), "", "circle-x"),
}
WHY: Final[Mapping[str, str]] = {
    OPTED_OUT: marked("Opted out"),
    "no-consent": marked("Not known to have agreed"),
    "no-address": marked("No number or address for it"),
    "too-many-segments": marked("The text is too long"),
    "missing-field": marked("A field of the text is missing"),
    "expired": marked("It expired first"),
    "duplicate": marked("Merged into somebody who gets it"),
    "contact-gone": marked("Erased"),
    "vetted": marked("Refused by a plugin"),
    WAITS: marked("May have asked for no more"),
    "sender-unusable": marked("The sender can't reach them"),
    "no-sender": marked("No sender can reach them"),
    "not-reachable": marked("Can't be written to"),
    "empty": marked("Nothing would be left of the text"),
}
OTHERWISE: Final = marked("For another reason")


def campaign_row(desk: Desk, campaign: Campaign, results: Results) -> CampaignRow:
    """One campaign in few words."""
    label, tone, icon = STATES[campaign.state]
    at = campaign.ended_at or campaign.started_at or campaign.created_at
    if campaign.state is CampaignState.SCHEDULED:
        at = campaign.send_at or at
    return CampaignRow(
        format_id("cmp", campaign.id),
        campaign.name,
        str(campaign.state),
        desk.language.gettext(label),
        tone,
        icon,
        desk.times.full(at),
        desk.times.iso(at),
        results.total,
        results.done,
        results.replies,
    )


def why(language: Language, code: str) -> str:
    """Why some were skipped, as the head of a line."""
    return language.gettext(WHY.get(code, OTHERWISE))


def costs_text(language: Language, costs: Mapping[str, int]) -> str:
    """Sums of money; nothing where nothing has a price."""
    found = [f"{language.money(Decimal(amount) / 1_000_000)} {currency}" for currency, amount in sorted(costs.items())]
    return " + ".join(found)


def letter_of(desk: Desk, shown: Shown) -> Letter:
    """A letter as the page shows it."""
    language, found, contact = desk.language, shown.composition, shown.contact
    to = shown.to
    known = [ContactAddress(contact.workspace_id, 0, contact.id, to.kind, to.value, 0)] if to else []
    person = face_of_contact(contact, known, language)
    refusals = [told(language, one.message) for one in shown.refusals]
    if found is None or to is None:
        return Letter(person, shown.text, refusals=refusals)
    sender = found.route.sender
    counted = language.ngettext(
        "%(units)s characters, %(num)s part", "%(units)s characters, %(num)s parts", found.segments, units=found.units
    )
    waits = desk.times.full(shown.waits_until) if shown.waits_until else ""
    dear = costly(found.text) if found.encoding is Encoding.UCS2 else ()
    return Letter(
        person,
        shown.text,
        shown.subject or "",
        address_text(to.kind, to.value),
        (sender.label or sender_text(sender.value)) if sender else "",
        counted if found.channel == "sms" else found.channel.upper(),
        costs_text(language, {found.price.currency: found.price.micros}) if found.price else "",
        shown.zone,
        waits,
        refusals,
        dear[0].char if dear else "",
    )
