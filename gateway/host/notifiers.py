"""Calling plugins' notifiers, each under a deadline, each harming only itself."""

from collections.abc import Callable, Mapping
from functools import partial

from gateway.host.deadline import Abandoned, Overdue, Raised, run_guarded
from gateway.host.registry import Registered
from gateway.sdk.errors import NoticeFailed
from gateway.sdk.events import PluginContext
from gateway.sdk.registration import Notifier

DEADLINE_S = 30.0
MOST_ABANDONED = 10

ContextFor = Callable[[str, int, str | None], PluginContext]


class NotifyFailed(Exception):
    """Nobody was told; the words are for people."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Notifiers:
    """`registered` are those that plugins brought, by type."""

    def __init__(self, registered: Mapping[str, Registered[Notifier]], context_for: ContextFor) -> None:
        self._registered = registered
        self._context_for = context_for
        self._abandoned = Abandoned()

    @property
    def types(self) -> Mapping[str, Notifier]:
        """All there are."""
        return {name: found.item for name, found in self._registered.items()}

    def complaint(self, notifier: str, address: str) -> str | None:
        """What is wrong with an address, as far as its plugin can tell without calling it."""
        found = self._registered.get(notifier)
        if found is None:
            return f"No plugin brings {notifier}."
        try:
            return found.item.check(address)
        except Exception:  # noqa: BLE001  a plugin that can't tell says no
            return "This address can't be read."

    async def send(self, workspace_id: int, notifier: str, address: str, text: str) -> None:
        """Tells. Raises NotifyFailed."""
        found = self._registered.get(notifier)
        if found is None:
            raise NotifyFailed(f"The plugin that brought {notifier} is not installed any more.")
        if self._abandoned.count(found.plugin) >= MOST_ABANDONED:
            raise NotifyFailed(f"{found.item.label} hangs, and is left alone.")
        context = self._context_for(found.plugin, workspace_id, None)
        try:
            await run_guarded(
                found.plugin, partial(found.item.send, context, address, text), DEADLINE_S, self._abandoned
            )
        except Overdue:
            raise NotifyFailed(f"{found.item.label} did not answer within {DEADLINE_S:g} seconds.") from None
        except Raised as error:
            cause = error.__cause__
            # An exception of somebody else's library may repeat the address, which holds passwords.
            sentence = str(cause) if isinstance(cause, NoticeFailed) else f"{found.item.label} failed."
            raise NotifyFailed(sentence) from None
