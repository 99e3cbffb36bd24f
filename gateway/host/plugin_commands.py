"""`ctx.execute`: the commands a plugin may issue, by name, on its own behalf and with the event it answers as cause.

Ids are prefixed strings or integers; times are milliseconds since the epoch.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import msgspec

from gateway.core.caller import Caller
from gateway.core.commands import conversations as verbs
from gateway.core.commands.base import Command
from gateway.core.commands.messages import AppendEvent, SendMessage
from gateway.core.errors import invalid
from gateway.domain.address import provider_address
from gateway.domain.ids import PREFIXES, format_id, parse_id
from gateway.domain.nature import Nature
from gateway.host.registry import Registered
from gateway.sdk.registration import EventTypeSpec

Execute = Callable[[Command[Any], Caller], Awaitable[Any]]
Fields = Mapping[str, Any]
Build = Callable[[Fields], Command[Any]]


def _id(fields: Fields, name: str) -> int:
    value = fields.get(name)
    if isinstance(value, int):
        return value
    try:
        return parse_id(str(value), PREFIXES[name.removesuffix("_id")])
    except ValueError as error:
        raise invalid(name, str(error)) from error


def _maybe_id(fields: Fields, name: str) -> int | None:
    return None if fields.get(name) is None else _id(fields, name)


def _send(fields: Fields) -> SendMessage:
    to = fields.get("to")
    return SendMessage(
        body=str(fields.get("body", "")),
        to=None if to is None else provider_address(str(to)),
        contact_id=_maybe_id(fields, "contact_id"),
        thread_id=_maybe_id(fields, "thread_id"),
        from_=fields.get("from_"),
        nature=Nature(fields.get("nature", Nature.AUTO)),
    )


_BUILDERS: Mapping[str, Build] = {
    "send_message": _send,
    "add_tag": lambda f: verbs.ChangeTags(_id(f, "conversation_id"), add=(str(f["tag"]),)),
    "remove_tag": lambda f: verbs.ChangeTags(_id(f, "conversation_id"), remove=(str(f["tag"]),)),
    "add_note": lambda f: verbs.AddNote(_id(f, "thread_id"), str(f["body"])),
    "assign": lambda f: verbs.AssignConversation(
        _id(f, "conversation_id"), _maybe_id(f, "user_id"), _maybe_id(f, "group_id")
    ),
    "snooze": lambda f: verbs.SnoozeConversation(_id(f, "conversation_id"), int(f["until"])),
    "complete": lambda f: verbs.CompleteConversation(_id(f, "conversation_id")),
    "archive": lambda f: verbs.ArchiveConversation(_id(f, "conversation_id")),
}
_RESULTS = {"send_message": "message", "add_note": "note"}


class PluginCommands:
    """Makes the `execute` of plugin contexts. `event_types` are those that plugins registered, by name."""

    def __init__(self, execute: Execute, event_types: Mapping[str, Registered[EventTypeSpec]] | None = None) -> None:
        self._execute = execute
        self._event_types = event_types or {}

    def execute_for(self, plugin: str, workspace_id: int, cause: str | None) -> Callable[..., Awaitable[str | None]]:
        """The function for one plugin answering one event."""
        caller = Caller(workspace_id, "automation", name=plugin, cause=cause)
        builders: Mapping[str, Build] = {**_BUILDERS, "append_event": partial(self._append, plugin)}

        async def execute(name: str, **fields: Any) -> str | None:
            build = builders.get(name)
            if build is None:
                raise invalid("name", f"There is no command {name}. Known: {', '.join(sorted(builders))}.")
            try:
                command = build(fields)
            except (KeyError, OverflowError, TypeError, ValueError) as error:
                raise invalid(name, f"{name} can't be made of these fields: {error}") from error
            result = await self._execute(command, caller)
            noun = _RESULTS.get(name)
            return format_id(PREFIXES[noun], result.id) if noun else None

        return execute

    def _append(self, plugin: str, fields: Fields) -> AppendEvent:
        """An event of a type this plugin registered, and no other did. `data` must be JSON: it is stored as that."""
        name = str(fields["type"])
        found = self._event_types.get(name)
        if found is None or found.plugin != plugin:
            raise invalid("type", f"The plugin {plugin} did not register an event type {name} (register_event_types).")
        data = msgspec.json.decode(msgspec.json.encode(fields.get("data") or {}), type=dict[str, Any])
        return AppendEvent(name, _maybe_id(fields, "thread_id"), data)
