"""Doing what an automation says: the action's settings opened and filled in, its plugin called alone, under a deadline.

A plugin's fault is the plugin's; a far side that can't be reached and a command that is refused are nobody's.
"""

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec

from gateway.core.caller import Caller
from gateway.core.errors import Refused
from gateway.core.templates import render
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.automation import Automation
from gateway.domain.ids import format_id
from gateway.domain.record import record
from gateway.domain.settings import Snippet
from gateway.host.contexts import ContextFactory
from gateway.host.deadline import Abandoned, Overdue, Raised, run_guarded
from gateway.host.dispatch import EVENT_DEADLINE_S, MOST_ABANDONED
from gateway.host.faults import Faults
from gateway.host.metrics import HostMetrics
from gateway.host.named import find_named, id_of
from gateway.host.plugin_commands import PluginCommands
from gateway.host.registry import Registered, Registry
from gateway.host.secrets import SecretBox, SecretsUnreadable
from gateway.host.settings import open_settings
from gateway.sdk.errors import ActionRefused, SendError
from gateway.sdk.events import EventView
from gateway.sdk.registration import Action
from gateway.sdk.settings import is_liquid, named_by
from gateway.storage.database import StorageUnavailable

HOOK = "register_actions"
LONGEST_RESULT = 2_000


class ActionFailed(Exception):
    """Not done this time. `retry_after` is in seconds, where the plugin rests meanwhile: that is no try."""

    def __init__(self, sentence: str, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.retry_after = retry_after


@record
class Occasion:
    """One action of one run: the rule, the event, what is known of it, and the name this has over all its tries.

    `silent` is why it may write to nobody any more.
    """

    automation: Automation
    view: WorkspaceView
    event: EventView
    values: Mapping[str, Any]
    once: str
    cause: str
    silent: str | None = None

    @property
    def caller(self) -> Caller:
        """On whose behalf its commands are issued."""
        one = self.automation
        return Caller(one.workspace_id, f"automation:{one.id}", name=one.name, cause=self.cause)


class Actions:
    """`templates_of` gives the team's templates of a workspace."""

    def __init__(
        self,
        registry: Registry,
        secrets: SecretBox,
        contexts: ContextFactory,
        commands: PluginCommands,
        templates_of: Callable[[int], Awaitable[Sequence[Snippet]]],
        faults: Faults,
        metrics: HostMetrics,
    ) -> None:
        self._registry = registry
        self._secrets = secrets
        self._contexts = contexts
        self._commands = commands
        self._templates_of = templates_of
        self._faults = faults
        self._metrics = metrics
        self._abandoned = Abandoned()

    async def perform(self, action: Mapping[str, Any], occasion: Occasion) -> Mapping[str, Any]:
        """Does it, and answers what the log shall show. Raises ActionRefused and ActionFailed."""
        found = self._registry.actions.get(str(action["type"]))
        if found is None:
            raise ActionFailed(f"No plugin brings the action {action['type']} any more.")
        if self._faults.is_disabled(found.plugin):
            self._metrics.hook_calls.labels(found.plugin, HOOK, "disabled").inc()
            sentence = f"The plugin {found.plugin} is disabled after repeated faults."
            raise ActionFailed(sentence, self._faults.rest_left(found.plugin))
        settings = await self._settings(found.item, action, occasion)
        context = dataclasses.replace(
            self._contexts.for_plugin(found.plugin, occasion.automation.workspace_id, occasion.cause),
            execute=self._commands.execute_as(found.plugin, occasion.caller, occasion.once, occasion.silent),
            values=occasion.values,
            once=occasion.once,
        )
        return await self._call(found, lambda: found.item.run(context, occasion.event, settings))

    async def _settings(self, action: Action, given: Mapping[str, Any], occasion: Occasion) -> Any:
        """As the action takes them: templates filled in, names looked up."""
        try:
            opened = open_settings(action.settings, given.get("settings") or {}, self._secrets)
            changes: dict[str, Any] = {}
            for field in dataclasses.fields(action.settings):
                value, noun = getattr(opened, field.name), named_by(field)
                if is_liquid(field):
                    changes[field.name] = await self._filled(value, occasion.values, field.name)
                elif noun in {"user", "group", "list", "form", "poll", "template"} and isinstance(value, str) and value:
                    changes[field.name] = await self._named(noun, value, occasion)
            return dataclasses.replace(opened, **changes)
        except Refused as refused:
            raise ActionRefused(_told(refused)) from refused
        except (SecretsUnreadable, ValueError, TypeError) as error:
            raise ActionRefused(f"Its settings can't be used: {error}") from error

    async def _filled(self, value: Any, values: Mapping[str, Any], name: str) -> Any:
        if isinstance(value, Mapping):
            return {key: await self._filled(one, values, name) for key, one in value.items()}
        if not isinstance(value, str):
            return value
        return await asyncio.to_thread(render, value, values, name)

    async def _named(self, noun: Any, value: str, occasion: Occasion) -> str:
        templates = await self._templates_of(occasion.automation.workspace_id) if noun == "template" else ()
        found = find_named(occasion.view, templates, noun, value)
        if found is None:
            raise ActionRefused(f"There is no {noun} “{value}” any more.")
        if noun == "template":
            text: str = await self._filled(found.body, occasion.values, "template")
            return text
        return id_of(noun, found)

    async def _call(
        self, found: Registered[Action], run: Callable[[], Awaitable[Mapping[str, Any] | None]]
    ) -> Mapping[str, Any]:
        plugin, kind = found.plugin, found.item.type
        try:
            answer = await run_guarded(plugin, run, EVENT_DEADLINE_S, self._abandoned)
        except Overdue:
            self._faults.failed(plugin, kind, f"it took longer than {EVENT_DEADLINE_S:g} s")
            if self._abandoned.count(plugin) >= MOST_ABANDONED:
                self._faults.leaked(plugin, kind)
            self._count(plugin, "overdue")
            raise ActionFailed(f"{kind} took longer than {EVENT_DEADLINE_S:g} s.") from None
        except Raised as error:
            raise self._fault(plugin, kind, error.__cause__ or error) from error
        self._count(plugin, "done")
        self._faults.succeeded(plugin)
        return _shown(answer)

    def _fault(self, plugin: str, kind: str, error: BaseException) -> Exception:
        match error:
            case ActionRefused():
                return error
            case Refused():
                return ActionRefused(_told(error))
            case SendError():
                return ActionFailed(error.sentence)
            case StorageUnavailable():
                return error
        self._faults.failed(plugin, kind, "it raised", error)
        self._count(plugin, "raised")
        return ActionFailed(f"{kind} of the plugin {plugin} failed: {type(error).__name__}.")

    def _count(self, plugin: str, outcome: str) -> None:
        self._metrics.hook_calls.labels(plugin, HOOK, outcome).inc()


def once_of(run_id: int, step: int) -> str:
    """What one action of one run is called, over all its tries."""
    return f"{format_id('run', run_id)}-{step + 1}"


def _told(refused: Refused) -> str:
    """A refusal with everything that is wrong."""
    return " ".join(dict.fromkeys(one.message for one in refused.errors)) or refused.detail


def _shown(answer: Any) -> Mapping[str, Any]:
    """What a plugin returned, if it is small facts; rubbish is not worth a fault."""
    if not isinstance(answer, Mapping):
        return {}
    try:
        text = msgspec.json.encode(answer)
        return msgspec.json.decode(text, type=dict[str, Any]) if len(text) <= LONGEST_RESULT else {}
    except (TypeError, ValueError, msgspec.MsgspecError):
        return {}
