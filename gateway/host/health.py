"""How gateways are, as their channels say: told to the core when it changes, and again if it could not be stored."""

from collections.abc import Awaitable, Callable

import structlog

from gateway.core.commands.settings import ReportHealth
from gateway.core.errors import Refused
from gateway.host.incoming import clean

_log = structlog.get_logger(__name__)

Execute = Callable[[int, ReportHealth], Awaitable[None]]
"""Runs the command as the system in that workspace."""

_Key = tuple[int, int]
_State = tuple[str, str | None]


class HealthReports:
    """The last word about each gateway of this process. Reporting never raises: a channel has other worries."""

    def __init__(self, execute: Execute) -> None:
        self._execute = execute
        self._told: dict[_Key, _State] = {}
        self._untold: dict[_Key, _State] = {}

    async def report(
        self, workspace_id: int, gateway_id: int, state: str, reason: str | None = None, *, afresh: bool = False
    ) -> None:
        """Notes a state (`ok`, `degraded`, `down`, `paused`) and a sentence for people.

        `afresh` tells it also where this node said so before: another one may have said otherwise since.
        """
        key = (workspace_id, gateway_id)
        if afresh:
            self.forget(*key)
        reason = None if reason is None else clean(reason)  # one that can't be stored would hold up all others
        if self._told.get(key) == (state, reason):
            self._untold.pop(key, None)
            return
        self._untold[key] = (state, reason)
        await self.flush()

    async def flush(self) -> None:
        """Tells what could not be told before. Called regularly by the supervisor."""
        for key, (state, reason) in list(self._untold.items()):
            workspace_id, gateway_id = key
            try:
                await self._execute(workspace_id, ReportHealth(gateway_id, state, reason))
            except Refused:  # the gateway is gone
                self._told.pop(key, None)
            except Exception as error:  # noqa: BLE001  the database is down: later
                _log.warning("health not stored", gateway=gateway_id, state=state, error=type(error).__name__)
                return
            else:
                self._told[key] = (state, reason)
            if self._untold.get(key) == (state, reason):
                del self._untold[key]

    def forget(self, workspace_id: int, gateway_id: int) -> None:
        """The gateway was removed, or another node reports on it from now on."""
        self._told.pop((workspace_id, gateway_id), None)
        self._untold.pop((workspace_id, gateway_id), None)
