"""Whether a send whose outcome is unknown may be made again: only where the provider knows it by its attempt id."""

from collections.abc import Awaitable, Callable

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.model import Work
from gateway.host.registry import Registry


class SecondTries:
    """`view_of` gives a workspace's settings (`Directory.get`)."""

    def __init__(self, view_of: Callable[[int], Awaitable[WorkspaceView]], registry: Registry) -> None:
        self._view_of = view_of
        self._registry = registry

    async def recognised(self, work: Work) -> bool:
        """Whether the channel of this send's gateway says that its provider refuses the same attempt twice."""
        gateway = (await self._view_of(work.workspace_id)).gateways.get(work.gateway_id or 0)
        channel = None if gateway is None else self._registry.channel(gateway.plugin)
        return channel is not None and channel.idempotent
