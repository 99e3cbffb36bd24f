"""Campaigns: all of them, one under way with its figures and recipients, and the verbs that move it on."""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from gateway.core.commands.audit import RecordExport
from gateway.core.commands.base import Command
from gateway.core.commands.campaigns import (
    CancelCampaign,
    CreateCampaign,
    PauseCampaign,
    RemoveCampaign,
    ResumeCampaign,
    StartCampaign,
    UpdateCampaign,
)
from gateway.core.errors import Refused
from gateway.domain.campaigns import (
    Campaign,
    CampaignState,
)
from gateway.domain.ids import format_id
from gateway.domain.visibility import Permission
from gateway.storage import campaign_reads
from gateway.storage.session import Session
from gateway.web import guard
from gateway.web.campaign_sight import LAST, campaign_of
from gateway.web.language import marked
from gateway.web.pages.campaign_editor import HOME, find, show_form
from gateway.web.pages.campaign_results import PAGE, Known, results_page
from gateway.web.pages.campaign_words import campaign_row
from gateway.web.pages.desk import Desk, html
from gateway.web.pages.settings.forms import answerable, faults_of
from gateway.web.pages.shell import lone_shell
from gateway.web.pages.views_campaigns import CampaignPage, CampaignsPage
from gateway.web.problems import Problem
from gateway.web.reports.campaign_table import campaign_csv

_VERBS: Final[Mapping[str, type[Command[Campaign]]]] = {
    "start": StartCampaign,
    "pause": PauseCampaign,
    "resume": ResumeCampaign,
    "cancel": CancelCampaign,
}
_SAID: Final = {"removed": marked("Removed.")}


async def show_campaigns(desk: Desk) -> web.StreamResponse:
    """The newest campaigns."""
    cursor = desk.request.query.get("before", "")
    before = desk.parse(cursor, "cmp") if cursor else LAST

    def look(session: Session) -> list[Known]:
        found = campaign_reads.campaign_page(session, desk.workspace_id, PAGE + 1, before)
        return [known for one in found if (known := campaign_of(session, desk.workspace_id, one.id)) is not None]

    found = await desk.read(look)
    following = f"{HOME}?before={format_id('cmp', found[PAGE - 1][0].id)}" if len(found) > PAGE else ""
    rows = [campaign_row(desk, campaign, results) for campaign, _, results in found[:PAGE]]
    page = CampaignsPage(rows, following, desk.signed.may(Permission.MANAGE_OUTREACH))
    said = desk.language.gettext(_SAID.get(desk.request.query.get("said", ""), ""))
    return desk.page("campaigns.html", shell=await lone_shell(desk, "campaigns"), campaigns=page, said=said)


async def show_campaign(desk: Desk) -> web.StreamResponse:
    """A draft to be written, else how it goes; a script asks for the figures, or for the recipients that follow."""
    campaign = await find(desk)
    manages = desk.signed.may(Permission.MANAGE_OUTREACH)
    editing = campaign.state is CampaignState.SCHEDULED and "edit" in desk.request.query
    if manages and (campaign.state is CampaignState.DRAFT or editing):
        return await show_form(desk, campaign, None, {})
    page = await results_page(desk, campaign.id)
    if desk.by_script:
        query = desk.request.query
        part = "campaign_people" if query.get("part") == "people" else "campaign_state"
        part = "campaign_rows" if query.get("cursor") else part
        beside = desk.pieces("campaign_turns", page=page, oob=True) if part == "campaign_state" else ""
        return html(desk.pieces(part, page=page) + beside)
    return await _shown(desk, page, {})


async def act(desk: Desk) -> web.StreamResponse:
    """Start, pause, resume or cancel it, copy it, remove it, or change its pace."""
    form = await desk.form()
    guard.require(desk.signed, Permission.MANAGE_OUTREACH)
    campaign, verb = await find(desk), desk.request.match_info["verb"]
    try:
        target = await _done(desk, campaign, verb, form.get("pace", "").strip())
    except (Refused, Problem) as refused:
        if not answerable(refused):
            raise
        faults = faults_of(refused, desk.language)
        if campaign.state is CampaignState.DRAFT:
            return await show_form(desk, campaign, None, faults)
        return await _shown(desk, await results_page(desk, campaign.id), faults)
    raise web.HTTPSeeOther(target)


async def _done(desk: Desk, campaign: Campaign, verb: str, pace: str) -> str:
    """Does it; answers where to go on."""
    path = f"{HOME}/{format_id('cmp', campaign.id)}"
    match verb:
        case "remove":
            await desk.execute(RemoveCampaign(campaign.id))
            return f"{HOME}?said=removed"
        case "copy":
            made = await _copy(desk, campaign)
            return f"{HOME}/{format_id('cmp', made.id)}?said=copied"
        case "pace":
            whole = int(pace) if pace.isascii() and pace.isdigit() and len(pace) < 9 else None
            await desk.execute(UpdateCampaign(campaign.id, fields={"pace": whole}))
        case _:
            await desk.execute(_VERBS[verb](campaign.id))  # type: ignore[call-arg]
    return path


async def export(desk: Desk) -> web.StreamResponse:
    """What became of whom, as CSV."""
    guard.require(desk.signed, Permission.EXPORT)
    campaign = await find(desk)
    await desk.execute(RecordExport("campaign", campaign.id))
    return await campaign_csv(desk.request, desk.read, desk.workspace_id, campaign.id)


async def _copy(desk: Desk, campaign: Campaign) -> Campaign:
    """The same words to the same lists, as a draft."""
    live = tuple(one for one in campaign.list_ids if one in desk.view.lists and not desk.view.lists[one].removed_at)
    names = ("conditions", "body", "subject", "from_", "channel", "media_ids", "purpose", "agreed", "pace")
    fields = {name: getattr(campaign, name) for name in (*names, "quiet_start", "quiet_end")} | {"list_ids": live}
    return await desk.execute(
        CreateCampaign(desk.language.gettext("%(name)s, again", name=campaign.name)[:200], fields)
    )


async def _shown(desk: Desk, page: CampaignPage, faults: Mapping[str, str]) -> web.StreamResponse:
    shell = await lone_shell(desk, "campaigns")
    return desk.page("campaign.html", status=422 if faults else 200, shell=shell, page=page, faults=faults)
