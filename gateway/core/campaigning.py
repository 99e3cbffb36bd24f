"""What a message owes to the campaign it is of: found by its cause, which names the campaign."""

from gateway.core.caller import Caller
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.campaigns import Campaign
from gateway.domain.ids import PREFIXES, format_id, parse_id
from gateway.domain.policy import QuietHours

_PREFIX = f"{PREFIXES['campaign']}_"


def cause_of_campaign(campaign_id: int) -> str:
    """The cause of everything a campaign sends."""
    return format_id(PREFIXES["campaign"], campaign_id)


def campaign_of(cause: str | None) -> int | None:
    """The id of the campaign that a cause names; None for every other cause."""
    if cause is None or not cause.startswith(_PREFIX):
        return None
    try:
        return parse_id(cause, PREFIXES["campaign"])
    except ValueError:
        return None


def campaign_behind(view: WorkspaceView, cause: str | None) -> Campaign | None:
    """The campaign itself, unless it is through."""
    campaign_id = campaign_of(cause)
    return None if campaign_id is None else view.campaigns.get(campaign_id)


def sends_for(campaign: Campaign) -> Caller:
    """On whose behalf a campaign sends: its own. It is no person, and belongs into nobody's figures."""
    return Caller(campaign.workspace_id, "system", name=campaign.name, cause=cause_of_campaign(campaign.id))


def hours_for(view: WorkspaceView, campaign: Campaign | None) -> QuietHours | None:
    """The quiet hours that count: the campaign's own, else the workspace's, with its zone for whom none is known."""
    general = view.policy.quiet_hours
    if campaign is None or campaign.quiet_start is None or campaign.quiet_end is None:
        return general
    return QuietHours(campaign.quiet_start, campaign.quiet_end, general.timezone if general else "UTC")
