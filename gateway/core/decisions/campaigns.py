"""Campaigns made and moved on: drafts, and the verbs, each an event."""

from collections.abc import Mapping
from typing import Any, Final

from gateway.core.access import require
from gateway.core.campaign_checks import check_fields, require_ready
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.campaigns import (
    BeginCampaign,
    CancelCampaign,
    CreateCampaign,
    PauseCampaign,
    RemoveCampaign,
    ResumeCampaign,
    StartCampaign,
    UpdateCampaign,
)
from gateway.core.decisions.names import checked_name
from gateway.core.errors import conflict, not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.campaigns import OVER, Act, Campaign, CampaignProgress, CampaignState, NoMove, move
from gateway.domain.events import EventType
from gateway.domain.ids import PREFIXES, format_id
from gateway.domain.model import Media
from gateway.domain.record import replace
from gateway.domain.visibility import Permission

CAMPAIGN: Final = "campaign"
"""Work: go on with the campaign that is its subject, if `data["chain"]` is still the one."""

_LATE: Final = frozenset({"pace", "expires_at"})
"""What may change while it is under way."""


def create_needs(command: CreateCampaign, needs: Needs) -> None:
    """The files it carries."""
    needs.media.update(command.fields.get("media_ids", ()))


def create(command: CreateCampaign, scene: Scene) -> Campaign:
    """A draft: it may lack what starting needs."""
    require(scene.caller, Permission.MANAGE_OUTREACH)
    name = checked_name(command.name)
    made = Campaign(scene.workspace_id, scene.new_id(), name, scene.now, scene.caller.actor, **command.fields)
    check_fields(scene, made, command.fields)
    _keep_media(scene, made)
    scene.working.put(CampaignProgress(scene.workspace_id, made.id))
    return scene.working.put(made)


def campaign_needs(command: Any, needs: Needs) -> None:
    """The campaign, where it stands, and the settings, locked."""
    needs.settings = True
    needs.lock(CampaignProgress, "campaign_id", [command.campaign_id])
    needs.record(Campaign, "id", [command.campaign_id])
    if isinstance(command, UpdateCampaign) and command.fields is not UNCHANGED:
        needs.media.update(command.fields.get("media_ids", ()))


def update(command: UpdateCampaign, scene: Scene) -> Campaign:
    """Before it starts everything may change, then only what does not change what its recipients get."""
    before = _mine(scene, command.campaign_id)
    fields: Mapping[str, Any] = {} if command.fields is UNCHANGED else command.fields
    changed = {name for name, value in fields.items() if getattr(before, name) != value}
    if changed and before.state in OVER:
        raise conflict("campaign-over", f"This campaign is {before.state}; only its name can change.")
    if changed - _LATE and before.state not in (CampaignState.DRAFT, CampaignState.SCHEDULED):
        raise conflict("campaign-under-way", "This campaign is under way; only its name, pace and expiry can change.")
    after = replace(before, **fields)
    if command.name is not UNCHANGED:
        after = replace(after, name=checked_name(command.name))
    check_fields(scene, after, {name: fields[name] for name in changed})
    _keep_media(scene, after)
    if after == before:
        return before
    if before.state is CampaignState.SCHEDULED:
        require_ready(scene, after)
        go_on(scene, after, after.send_at or scene.now)
    return put(scene, after)


def remove(command: RemoveCampaign, scene: Scene) -> None:
    """Not while it is under way. Its name stays, for what counts it; its words, files and conditions go."""
    before = _mine(scene, command.campaign_id)
    if before.state is not CampaignState.DRAFT and before.state not in OVER:
        raise conflict("campaign-under-way", "This campaign is not over. Cancel it first.")
    emptied = replace(before, body="", subject=None, list_ids=(), conditions=(), media_ids=())
    put(scene, replace(emptied, removed_at=scene.now))


def start(command: StartCampaign, scene: Scene) -> Campaign:
    """Its recipients are those on its lists when it begins."""
    campaign = _mine(scene, command.campaign_id)
    later = campaign.send_at is not None and campaign.send_at > scene.now
    after = moved(campaign, Act.START, later=later)
    if after.state is campaign.state and campaign.state is not CampaignState.SCHEDULED:
        return campaign
    require_ready(scene, campaign)
    if after.state is CampaignState.SCHEDULED:
        if after == campaign:
            return campaign
        return _announced(scene, replace(after, sent_by=scene.caller.actor), EventType.CAMPAIGN_SCHEDULED)
    after = replace(after, sent_by=scene.caller.actor, started_at=scene.now)
    return _announced(scene, after, EventType.CAMPAIGN_STARTED)


def begin(command: BeginCampaign, scene: Scene) -> None:
    """The time of a scheduled one has come; one that can't begin stands still and says why."""
    campaign, progress = current(scene, command.campaign_id)
    if campaign.state is not CampaignState.SCHEDULED or progress.chain != command.chain:
        return
    if campaign.send_at is not None and campaign.send_at > scene.now:
        go_on(scene, campaign, campaign.send_at)  # the clock went back
        return
    after = replace(moved(campaign, Act.TIME_CAME), started_at=scene.now)
    _announced(scene, after, EventType.CAMPAIGN_STARTED)


def pause(command: PauseCampaign, scene: Scene) -> Campaign:
    """What a worker has begun goes out; the rest waits."""
    campaign = _mine(scene, command.campaign_id)
    after = moved(campaign, Act.PAUSE)
    return campaign if after == campaign else _announced(scene, replace(after, reason=command.reason))


def resume(command: ResumeCampaign, scene: Scene) -> Campaign:
    """It goes on where it stood."""
    campaign, progress = current(scene, command.campaign_id, mine=True)
    later = not progress.loaded and campaign.send_at is not None and campaign.send_at > scene.now
    after = moved(campaign, Act.RESUME, loaded=progress.loaded, later=later)
    if after == campaign:
        return campaign
    if not progress.loaded:
        require_ready(scene, campaign)
    scene.working.put(replace(progress, paced_at=max(progress.paced_at, scene.now)))
    started = campaign.started_at or (None if after.state is CampaignState.SCHEDULED else scene.now)
    return _announced(scene, replace(after, reason=None, started_at=started), EventType.CAMPAIGN_RESUMED)


def cancel(command: CancelCampaign, scene: Scene) -> Campaign:
    """For good."""
    campaign = _mine(scene, command.campaign_id)
    after = moved(campaign, Act.CANCEL)
    return campaign if after == campaign else _announced(scene, replace(after, ended_at=scene.now, reason=None))


def current(scene: Scene, campaign_id: int, *, mine: bool = False) -> tuple[Campaign, CampaignProgress]:
    """The campaign and where it stands, or 404. `mine`: on behalf of somebody who may."""
    campaign = _mine(scene, campaign_id) if mine else scene.need(Campaign, campaign_id, "campaign")
    progress = scene.find(CampaignProgress, campaign_id)
    if progress is None:
        raise not_found("campaign")
    return campaign, progress


def go_on(scene: Scene, campaign: Campaign, due_at: int) -> None:
    """The one row of work that goes on with it: any other is stale from here on."""
    progress = scene.find(CampaignProgress, campaign.id)
    assert progress is not None, "a campaign's progress is made and loaded with it"
    progress = scene.working.put(replace(progress, chain=progress.chain + 1))
    scene.schedule(CAMPAIGN, due_at, subject_id=campaign.id, data={"chain": progress.chain})


def announce(scene: Scene, campaign: Campaign, event: EventType, facts: Mapping[str, Any] | None = None) -> None:
    """What the log says of it: its id and name, no words of it."""
    named = {"campaign": format_id(PREFIXES["campaign"], campaign.id), "name": campaign.name}
    scene.emit(event, data={**named, **(facts or {})})


def _mine(scene: Scene, campaign_id: int) -> Campaign:
    require(scene.caller, Permission.MANAGE_OUTREACH)
    campaign: Campaign = scene.need(Campaign, campaign_id, "campaign")
    return campaign


def moved(campaign: Campaign, act: Act, *, loaded: bool = False, later: bool = False) -> Campaign:
    """The campaign in its next state; 409 where no way leads there."""
    try:
        return replace(campaign, state=move(campaign.state, act, loaded=loaded, later=later))
    except NoMove as error:
        raise conflict(f"campaign-{campaign.state}", str(error)) from None


_OF_STATE: Final[Mapping[CampaignState, EventType]] = {
    CampaignState.PAUSED: EventType.CAMPAIGN_PAUSED,
    CampaignState.CANCELLED: EventType.CAMPAIGN_CANCELLED,
}


def _announced(scene: Scene, after: Campaign, event: EventType | None = None) -> Campaign:
    """Stored, said, and work for it: a paused one has none, a cancelled one's is to leave the rest out."""
    if after.state is CampaignState.SCHEDULED:
        go_on(scene, after, after.send_at or scene.now)
    elif after.state is not CampaignState.PAUSED:
        go_on(scene, after, scene.now)
    announce(scene, after, event or _OF_STATE[after.state], {"reason": after.reason} if after.reason else None)
    return put(scene, after)


def put(scene: Scene, campaign: Campaign) -> Campaign:
    """Stored, for every node to know."""
    scene.working.put(campaign)
    scene.settings_changed("campaign", campaign.id)
    return campaign


def _keep_media(scene: Scene, campaign: Campaign) -> None:
    """Its files go to many: they belong to the team's library, not to the first message that carries them."""
    for media_id in campaign.media_ids:
        media = scene.find(Media, media_id)
        if media is not None and not media.library:
            scene.working.put(replace(media, library=True))
