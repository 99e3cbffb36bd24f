"""What reports call their subjects. Those that were removed keep their names: their figures stay."""

from collections.abc import Iterable

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.statistics import Dimension
from gateway.storage.records import CAMPAIGNS
from gateway.storage.session import Session


def names_of(view: WorkspaceView, dimension: Dimension) -> dict[int, str]:
    """Every subject of a dimension, by id; campaigns have to be read (`campaign_names`)."""
    match dimension:
        case Dimension.USER:
            return {id_: one.name for id_, one in view.users.items()}
        case Dimension.SENDER:
            return {id_: f"{one.label} {one.value}" if one.label else one.value for id_, one in view.senders.items()}
        case Dimension.GATEWAY:
            return {id_: one.name for id_, one in view.gateways.items()}
        case Dimension.TAG:
            return {id_: one.name for id_, one in view.tags.items()}
        case Dimension.ALL | Dimension.CAMPAIGN:
            return {}


def campaign_names(session: Session, workspace_id: int, ids: Iterable[int]) -> dict[int, str]:
    """Campaigns, most of which are no part of the settings, by id."""
    return {one.id: one.name for one in CAMPAIGNS.by(session, workspace_id, "id", ids)}
