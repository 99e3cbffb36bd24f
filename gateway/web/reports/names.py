"""What reports call their subjects. Those that were removed keep their names: their figures stay."""

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.statistics import Dimension


def names_of(view: WorkspaceView, dimension: Dimension) -> dict[int, str]:
    """Every subject of a dimension, by id."""
    match dimension:
        case Dimension.USER:
            return {id_: one.name for id_, one in view.users.items()}
        case Dimension.SENDER:
            return {id_: f"{one.label} {one.value}" if one.label else one.value for id_, one in view.senders.items()}
        case Dimension.GATEWAY:
            return {id_: one.name for id_, one in view.gateways.items()}
        case Dimension.TAG:
            return {id_: one.name for id_, one in view.tags.items()}
        case Dimension.ALL:
            return {}
