"""Campaigns: one text to everybody on some lists, tried, started, stopped, looked into."""

from aiohttp import web

from gateway.core.campaign_people import words_for
from gateway.core.campaign_preview import CampaignPreviews
from gateway.core.commands.audit import RecordExport
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.campaigns import (
    CancelCampaign,
    CreateCampaign,
    PauseCampaign,
    RemoveCampaign,
    ResumeCampaign,
    StartCampaign,
    UpdateCampaign,
)
from gateway.core.commands.messages import SendMessage
from gateway.core.errors import invalid
from gateway.domain.campaigns import Campaign, CampaignProgress
from gateway.domain.model import Message
from gateway.domain.visibility import Permission
from gateway.storage import campaign_reads
from gateway.storage.campaign_counts import Results
from gateway.storage.page import BadCursor
from gateway.storage.session import Session
from gateway.web import problems
from gateway.web.api.call import Call
from gateway.web.api.campaign_bodies import CampaignChange, Looking, NewCampaign, RecipientQuery, Trying, fields_of
from gateway.web.api.compose import address_in_field
from gateway.web.api.lookup import changed
from gateway.web.api.paging import PageQuery, page_from, read_cursor, write_cursor
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.campaigns import (
    CampaignPreviewShape,
    CampaignShape,
    RecipientShape,
    campaign_shape,
    letter_shape,
    recipient_shape,
    totals_shape,
)
from gateway.web.api.shapes.message import MessageShape, message_shape
from gateway.web.api.times import id_in_field
from gateway.web.campaign_sight import LAST, Person, campaign_of, names_of, user_name
from gateway.web.reports.campaign_table import campaign_csv

routes = Routes("Campaigns")

_PATH = "/campaigns/{campaign_id}"
_MANAGE = Permission.MANAGE_OUTREACH


@routes.get("/campaigns")
async def list_campaigns(call: Call, query: PageQuery) -> Page[CampaignShape]:
    """List campaigns, the newest first."""
    cursor = read_cursor(query.cursor, int)
    before = cursor[0] if cursor else LAST

    def look(session: Session) -> list[tuple[Campaign, CampaignProgress, Results]]:
        found = campaign_reads.campaign_page(session, call.workspace_id, query.limit + 1, before)
        return [known for one in found if (known := campaign_of(session, call.workspace_id, one.id)) is not None]

    found = await call.read(look)
    return page_from(found, query.limit, lambda one: _shape(*one), lambda one: write_cursor(one[0].id))


@routes.post("/campaigns", permission=_MANAGE, status=201)
async def create_campaign(call: Call, body: NewCampaign) -> CampaignShape:
    """Make a campaign: a draft, which sends nothing before it is started."""
    command = CreateCampaign(body.name, await fields_of(call, body))
    return _new(await call.execute(command, _new))


@routes.get(_PATH)
async def get_campaign(call: Call, campaign_id: int) -> CampaignShape:
    """Read a campaign with its results so far."""
    return _shape(*await _find(call, campaign_id))


@routes.patch(_PATH, permission=_MANAGE)
async def update_campaign(call: Call, campaign_id: int, body: CampaignChange) -> CampaignShape:
    """Change a campaign: a draft or a scheduled one wholly, one under way in name, pace and expiry."""
    await call.execute(UpdateCampaign(campaign_id, changed(body.name), await fields_of(call, body) or UNCHANGED))
    return _shape(*await _find(call, campaign_id))


@routes.delete(_PATH, permission=_MANAGE)
async def remove_campaign(call: Call, campaign_id: int) -> None:
    """Remove a campaign that is a draft or over; what it sent stays."""
    await call.execute(RemoveCampaign(campaign_id))


@routes.post(f"{_PATH}/start", permission=_MANAGE, status=200)
async def start_campaign(call: Call, campaign_id: int) -> CampaignShape:
    """Start a campaign, at its `send_at` or at once.

    Its recipients are those on its lists at that moment; later changes of a list change nothing.
    """
    await call.execute(StartCampaign(campaign_id))
    return _shape(*await _find(call, campaign_id))


@routes.post(f"{_PATH}/pause", permission=_MANAGE, status=200)
async def pause_campaign(call: Call, campaign_id: int) -> CampaignShape:
    """Pause a campaign: only what is being sent at this moment still leaves."""
    await call.execute(PauseCampaign(campaign_id))
    return _shape(*await _find(call, campaign_id))


@routes.post(f"{_PATH}/resume", permission=_MANAGE, status=200)
async def resume_campaign(call: Call, campaign_id: int) -> CampaignShape:
    """Let a paused campaign go on."""
    await call.execute(ResumeCampaign(campaign_id))
    return _shape(*await _find(call, campaign_id))


@routes.post(f"{_PATH}/cancel", permission=_MANAGE, status=200)
async def cancel_campaign(call: Call, campaign_id: int) -> CampaignShape:
    """Cancel a campaign for good: whoever was not written to by now is not."""
    await call.execute(CancelCampaign(campaign_id))
    return _shape(*await _find(call, campaign_id))


@routes.ask(f"{_PATH}/preview", permission=_MANAGE, status=200)
async def preview_campaign(call: Call, campaign_id: int, body: Looking | None = None) -> CampaignPreviewShape:
    """Preview a campaign: whom it would reach, who is left out and why, what it says and costs. Nothing is sent."""
    asked = body or Looking()
    campaign, _, _ = await _find(call, campaign_id)
    previews, user = previews_of(call), user_name(call)
    look = await previews.look(call.view, campaign, user, asked.limit)
    shown = look.shown
    if asked.contact_id is not None:
        person = await Person(call, id_in_field("contact", asked.contact_id, "contact_id")).find()
        shown = tuple(await previews.show(call.view, campaign, [person.contact.id], user))
    return CampaignPreviewShape(totals_shape(look.totals), [letter_shape(one) for one in shown])


@routes.post(f"{_PATH}/test", permission=_MANAGE, status=202)
async def test_campaign(call: Call, campaign_id: int, body: Trying) -> MessageShape:
    """Send a test of a campaign to a number or address: a disclaimer first, then the text as a contact would get it."""
    campaign, _, _ = await _find(call, campaign_id)
    to = address_in_field(call, body.to, "to")
    contact_id = None if body.contact_id is None else id_in_field("contact", body.contact_id, "contact_id")
    if contact_id is None:
        contact_id = next(iter(await previews_of(call).first(call.view, campaign, 1)), None)
    person = await Person(call, contact_id).words()
    text, subject = words_for(campaign, person, user_name(call))
    command = SendMessage(
        body=text,
        to=to,
        from_=campaign.from_,
        channel=campaign.channel,
        subject=subject,
        media_ids=campaign.media_ids,
        purpose=campaign.purpose,
        test=True,
    )
    return _sent(await call.execute(command, _sent))


@routes.get(f"{_PATH}/recipients", permission=_MANAGE)
async def list_recipients(call: Call, campaign_id: int, query: RecipientQuery) -> Page[RecipientShape]:
    """List a campaign's recipients: what became of each, and why."""
    await _find(call, campaign_id)

    def look(session: Session) -> tuple[list[RecipientShape], str | None]:
        page = campaign_reads.recipient_page(
            session,
            call.workspace_id,
            campaign_id,
            states=() if query.state is None else (query.state,),
            replied=query.replied,
            opted_out=query.opted_out,
            limit=query.limit,
            cursor=query.cursor,
        )
        names = names_of(session, call.workspace_id, [one.contact_id for one in page.items])
        now = call.state.clock()
        return [recipient_shape(one, names.get(one.contact_id), now) for one in page.items], page.next

    try:
        items, following = await call.read(look)
    except BadCursor as error:
        raise invalid("cursor", f"{error}.") from None
    return Page(items, following)


@routes.get(f"{_PATH}/export", permission=Permission.EXPORT, raw=True, produces="text/csv")
async def export_campaign(call: Call, campaign_id: int) -> web.StreamResponse:
    """Take a campaign's results out as CSV: a line for each recipient."""
    await _find(call, campaign_id)
    await call.execute_more(RecordExport("campaign", campaign_id))
    return await campaign_csv(call.request, call.read, call.workspace_id, campaign_id)


def previews_of(call: Call) -> CampaignPreviews:
    """What looks at a campaign before it is sent."""
    state = call.state
    return CampaignPreviews(state.database, state.around, state.clock, state.monotonic)


async def _find(call: Call, campaign_id: int) -> tuple[Campaign, CampaignProgress, Results]:
    found = await call.read(lambda session: campaign_of(session, call.workspace_id, campaign_id))
    if found is None:
        raise problems.not_found("campaign")
    return found


def _shape(campaign: Campaign, progress: CampaignProgress, results: Results) -> CampaignShape:
    return campaign_shape(campaign, results, progress.repeats, progress.left_out)


def _new(made: Campaign) -> CampaignShape:
    return campaign_shape(made, Results())


def _sent(message: Message) -> MessageShape:
    return message_shape(message, (), {})
