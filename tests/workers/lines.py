"""Two gateways that serve every sender, and do what the test says."""

from typing import Any

from gateway.domain.record import replace
from gateway.domain.settings import Gateway, Sender, Workspace
from gateway.sdk import Outbound, SendResult
from gateway.storage.records import GATEWAYS, SENDERS, WORKSPACES
from tests.workers.stage import Stage, accept

FIRST, SECOND = "one", "two"


class Lines:
    """Two gateways serve every sender; each does what the test says."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.does: dict[str, Any] = {}
        self.went: list[tuple[str, str]] = []
        lines = self

        async def send(channel: Any, outbound: Outbound) -> SendResult:
            name = lines.names[channel.context.gateway_id]
            lines.went.append((name, outbound.body))
            does = lines.does.get(name)
            return accept(outbound) if does is None else await does(outbound)

        stage.provider.send = send  # type: ignore[method-assign, assignment]
        self.names: dict[int, str] = {}

    async def prepare(self) -> "Lines":
        """Both gateways are of the test's plugin and serve all senders."""
        core = self.stage.host.core
        gateways: list[Gateway] = await core.all(Gateway)
        self.names = {one.id: one.name for one in gateways}
        await self.change(gateways={one.id: {"plugin": self.stage.provider.type} for one in gateways})
        serving = tuple(one.id for one in gateways)
        await self.change(senders={one.id: {"gateway_ids": serving} for one in await core.all(Sender)})
        return self

    async def change(
        self, gateways: dict[int, dict[str, Any]] | None = None, senders: dict[int, dict[str, Any]] | None = None
    ) -> None:
        """Changes settings, as an administrator would."""
        core = self.stage.host.core
        lines = {one.id: one for one in await core.all(Gateway)}
        numbers = {one.id: one for one in await core.all(Sender)}
        (workspace,) = await core.all(Workspace)

        def write(session: Any) -> None:
            GATEWAYS.update(session, [(lines[one], replace(lines[one], **to)) for one, to in (gateways or {}).items()])
            SENDERS.update(
                session, [(numbers[one], replace(numbers[one], **to)) for one, to in (senders or {}).items()]
            )
            WORKSPACES.update(session, [(workspace, replace(workspace, version=workspace.version + 1))])

        await core.database.write(write)
        core.directory.forget(core.workspace_id)
        await core.directory.get(core.workspace_id)

    def id_of(self, name: str) -> int:
        return next(id_ for id_, known in self.names.items() if known == name)

    async def later(self, seconds: float) -> None:
        self.stage.pass_time(seconds)
        await self.stage.rounds()
