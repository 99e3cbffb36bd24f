"""How a gateway is whose mail comes in on several ways: said when it changes."""

from collections.abc import Awaitable, Callable

from gateway.sdk import HealthState

Report = Callable[[str, str | None], Awaitable[None]]


class Healths:
    """Down when every way is, degraded when one is not well. `ways` are what there is to hear from."""

    def __init__(self, ways: tuple[str, ...], report: Report) -> None:
        self._report = report
        self._states: dict[str, tuple[HealthState, str | None]] = {}
        self._ways = ways
        self._said: tuple[HealthState, str | None] | None = None

    async def of(self, way: str, state: HealthState, reason: str | None) -> None:
        """One way is so."""
        self._states[way] = (state, reason)
        said = self._together()
        if said is not None and said != self._said:
            self._said = said
            await self._report(*said)

    def _together(self) -> tuple[HealthState, str | None] | None:
        """Good news wait until every way was heard from."""
        unwell = [one for one in self._states.values() if one[0] is not HealthState.OK]
        if not unwell:
            return (HealthState.OK, None) if len(self._states) == len(self._ways) else None
        reason = " ".join(reason for _, reason in unwell if reason) or None
        all_down = len(unwell) == len(self._ways) and all(state is HealthState.DOWN for state, _ in unwell)
        return (HealthState.DOWN if all_down else HealthState.DEGRADED), reason
