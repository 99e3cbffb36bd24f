"""Writing a campaign: the form, what one contact would get of it meanwhile, and what it would do as a whole."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web
from multidict import MultiMapping

from gateway.core.campaign_checks import check_text
from gateway.core.campaign_people import words_for
from gateway.core.campaign_preview import CampaignPreviews, Look
from gateway.core.commands.campaigns import CreateCampaign, UpdateCampaign
from gateway.core.commands.messages import SendMessage
from gateway.core.errors import Refused
from gateway.domain.address import InvalidAddress, typed_address
from gateway.domain.campaigns import Campaign, CampaignState
from gateway.domain.ids import format_id
from gateway.domain.visibility import Permission
from gateway.web import guard, problems
from gateway.web.campaign_sight import Person, campaign_of, user_name
from gateway.web.language import marked
from gateway.web.pages.campaign_forms import fields_in, form_page, templates_of
from gateway.web.pages.campaign_words import costs_text, letter_of, why
from gateway.web.pages.desk import Desk, checked, html
from gateway.web.pages.faces import face_of_contact
from gateway.web.pages.formatting import address_text
from gateway.web.pages.message_forms import text
from gateway.web.pages.settings.forms import answerable, faults_of, go_to
from gateway.web.pages.shell import lone_shell
from gateway.web.pages.views_campaigns import Letter, Review
from gateway.web.problems import Problem
from gateway.web.told import told

HOME: Final = "/campaigns"
SAID: Final = {
    "saved": marked("Saved."),
    "copied": marked("Copied. This is the copy."),
}


async def show_new(desk: Desk) -> web.StreamResponse:
    """An empty form."""
    guard.require(desk.signed, Permission.MANAGE_OUTREACH)
    return await show_form(desk, None, None, {})


async def create(desk: Desk) -> web.StreamResponse:
    """A draft; asked to go on, on to what it would do."""
    return await _save(desk, None)


async def save(desk: Desk) -> web.StreamResponse:
    """The draft as it is now."""
    form = await checked(desk.request, desk.signed)
    guard.require(desk.signed, Permission.MANAGE_OUTREACH)
    return await _save(desk, await find(desk), form)


async def look(desk: Desk) -> web.StreamResponse:
    """What one contact would get, as the form stands; nothing is stored."""
    form = await checked(desk.request, desk.signed)
    guard.require(desk.signed, Permission.MANAGE_OUTREACH)
    return html(desk.pieces("campaign_letter", letter=await _letter(desk, form), fault=""))


async def take_template(desk: Desk) -> web.StreamResponse:
    """A template's words, in the box."""
    guard.require(desk.signed, Permission.MANAGE_OUTREACH)
    made = desk.parse(desk.request.query.get("template", ""), "tpl")
    found = next((one for one in await templates_of(desk) if one.id == made), None)
    if found is None:
        raise problems.not_found("template")
    return html(desk.pieces("campaign_body", body=found.body, faults={}))


async def show_review(desk: Desk) -> web.StreamResponse:
    """Before it is sent: whom it reaches, who is left out and why, some letters, a test."""
    guard.require(desk.signed, Permission.MANAGE_OUTREACH)
    campaign = await find(desk)
    if campaign.state is not CampaignState.DRAFT:
        go_to(f"{HOME}/{format_id('cmp', campaign.id)}")
    counted = desk.by_script or "counted" in desk.request.query
    review = _review(desk, await previews_of(desk).look(desk.view, campaign, user_name(desk))) if counted else None
    if desk.by_script:
        return html(desk.pieces("campaign_review", review=review, id=format_id("cmp", campaign.id)))
    return await _review_page(desk, campaign, review, {})


async def send_test(desk: Desk) -> web.StreamResponse:
    """A disclaimer and the text, to a number somebody names."""
    form = await desk.form()
    guard.require(desk.signed, Permission.MANAGE_OUTREACH)
    campaign = await find(desk)
    typed = text(form.get("to", "")).strip()
    try:
        to = typed_address(typed, desk.view.policy.default_country)
        first = await previews_of(desk).first(desk.view, campaign, 1)
        person = await Person(desk, first[0] if first else None).words()
        body, subject = words_for(campaign, person, user_name(desk))
        command = SendMessage(
            body=body, to=to, from_=campaign.from_, subject=subject, media_ids=campaign.media_ids, test=True
        )
        await desk.execute(command)
    except (Refused, Problem, InvalidAddress) as refused:
        if not isinstance(refused, InvalidAddress) and not answerable(refused):
            raise
        said = refused.detail if isinstance(refused, Refused | Problem) else str(refused)
        return await _review_page(desk, campaign, None, {"to": told(desk.language, said)}, typed)
    sent = desk.language.gettext("Two messages are on their way to %(number)s", number=address_text(to.kind, to.value))
    return await _review_page(desk, campaign, None, {}, typed, sent)


async def show_form(
    desk: Desk, campaign: Campaign | None, form: MultiMapping[Any] | None, faults: Mapping[str, str]
) -> web.StreamResponse:
    """The form."""
    found = await form_page(desk, campaign, form, faults)
    said = desk.language.gettext(SAID.get(desk.request.query.get("said", ""), ""))
    shell = await lone_shell(desk, "campaigns")
    letter, fault = None, ""
    if found.people and campaign is not None and not faults:
        shown = await previews_of(desk).show(
            desk.view, campaign, [desk.parse(found.people[0].value, "cnt")], user_name(desk)
        )
        letter = letter_of(desk, shown[0]) if shown and campaign.body else None
    return desk.page(
        "campaign_form.html",
        status=422 if faults else 200,
        shell=shell,
        form=found,
        letter=letter,
        fault=fault,
        said=said,
        whole_faults=_others(found.typed, faults),
    )


async def find(desk: Desk) -> Campaign:
    """The campaign in the path. Problem 404 when there is none."""
    campaign_id = desk.id("cmp")
    found = await desk.read(lambda session: campaign_of(session, desk.workspace_id, campaign_id))
    if found is None:
        raise problems.not_found("campaign")
    return found[0]


def previews_of(desk: Desk) -> CampaignPreviews:
    """What looks at a campaign before it is sent."""
    state = desk.state
    return CampaignPreviews(state.database, state.around, state.clock, state.monotonic)


async def _save(desk: Desk, campaign: Campaign | None, form: MultiMapping[Any] | None = None) -> web.StreamResponse:
    if form is None:
        form = await checked(desk.request, desk.signed)
        guard.require(desk.signed, Permission.MANAGE_OUTREACH)
    try:
        name, fields = text(str(form.get("name", ""))), fields_in(desk, form)
        if campaign is None:
            made = await desk.execute(CreateCampaign(name, fields))
        else:
            made = await desk.execute(UpdateCampaign(campaign.id, name, fields))
    except (Refused, Problem) as refused:
        if not answerable(refused):
            raise
        return await show_form(desk, campaign, form, faults_of(refused, desk.language))
    path = f"{HOME}/{format_id('cmp', made.id)}"
    if form.get("do") == "review":
        raise web.HTTPSeeOther(f"{path}/review")
    raise web.HTTPSeeOther(f"{path}?said=saved")


_SHOWN: Final = frozenset(
    {"name", "lists", "body", "subject", "from", "pace", "quiet_hours", "send_at", "expires_at", "media", "purpose"}
)


def _others(typed: Mapping[str, str], faults: Mapping[str, str]) -> list[str]:
    """What is wrong and has no field of its own."""
    return [said for name, said in faults.items() if name not in _SHOWN and not name.startswith("conditions[")]


async def _letter(desk: Desk, form: MultiMapping[Any]) -> Letter | None:
    contact = str(form.get("contact", ""))
    if not contact or not str(form.get("body", "")).strip():
        return None
    person = await Person(desk, desk.parse(contact, "cnt")).find()
    try:
        fields = fields_in(desk, form)
        check_text(fields["body"], "body")
        campaign = Campaign(desk.workspace_id, 0, "-", 0, desk.caller.actor, **fields)
        shown = await previews_of(desk).show(desk.view, campaign, [person.contact.id], user_name(desk))
    except Refused as refused:
        face = face_of_contact(person.contact, list(person.addresses), desk.language)
        return Letter(face, "", refusals=[told(desk.language, refused.detail)])
    return letter_of(desk, shown[0]) if shown else None


def _review(desk: Desk, found: Look) -> Review:
    language, totals = desk.language, found.totals
    _ = language.gettext
    lines = [(why(language, code), count, "amber") for code, count in sorted(totals.skipped.items())]
    if totals.repeats:
        lines.append((_("On several lists, and written to once"), totals.repeats, ""))
    if totals.left_out:
        lines.append((_("Don't meet the conditions"), totals.left_out, ""))
    if totals.without_consent:
        lines.append((_("Reached, though not known to have agreed"), totals.without_consent, ""))
    if totals.quiet:
        lines.append((_("Have night there now, and are written to in the morning"), totals.quiet, ""))
    return Review(
        totals.recipients,
        lines,
        totals.segments,
        costs_text(language, totals.cost),
        totals.estimated,
        totals.complete,
        [letter_of(desk, one) for one in found.shown],
    )


async def _review_page(
    desk: Desk,
    campaign: Campaign,
    review: Review | None,
    faults: Mapping[str, str],
    typed: str = "",
    said: str = "",
) -> web.StreamResponse:
    lists = [desk.view.lists[one].name for one in campaign.list_ids if one in desk.view.lists]
    return desk.page(
        "campaign_review.html",
        status=422 if faults else 200,
        shell=await lone_shell(desk, "campaigns"),
        campaign=campaign,
        id=format_id("cmp", campaign.id),
        lists=lists,
        review=review,
        when=desk.times.full(campaign.send_at) if campaign.send_at and campaign.send_at > desk.times.now else "",
        faults=faults,
        typed=typed,
        said=said,
    )
