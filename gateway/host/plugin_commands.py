"""`ctx.execute`: the commands a plugin may issue, by name, on its own behalf and with the event it answers as cause.

Ids are prefixed strings or integers; times are milliseconds since the epoch.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from gateway.core.caller import Caller
from gateway.core.commands import conversations as verbs
from gateway.core.commands.base import Command
from gateway.core.commands.messages import SendMessage
from gateway.core.errors import invalid
from gateway.domain.address import provider_address
from gateway.domain.ids import PREFIXES, format_id, parse_id
from gateway.domain.nature import Nature

Execute = Callable[[Command[Any], Caller], Awaitable[Any]]
Fields = Mapping[str, Any]


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


_BUILDERS: Mapping[str, Callable[[Fields], Command[Any]]] = {
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
    """Makes the `execute` of plugin contexts."""

    def __init__(self, execute: Execute) -> None:
        self._execute = execute

    def execute_for(self, plugin: str, workspace_id: int, cause: str | None) -> Callable[..., Awaitable[str | None]]:
        """The function for one plugin answering one event."""
        caller = Caller(workspace_id, "automation", name=plugin, cause=cause)

        async def execute(name: str, **fields: Any) -> str | None:
            build = _BUILDERS.get(name)
            if build is None:
                raise invalid("name", f"There is no command {name}. Known: {', '.join(sorted(_BUILDERS))}.")
            try:
                command = build(fields)
            except (KeyError, ValueError) as error:
                raise invalid(name, f"{name} can't be made of these fields: {error}") from error
            result = await self._execute(command, caller)
            noun = _RESULTS.get(name)
            return format_id(PREFIXES[noun], result.id) if noun else None

        return execute
