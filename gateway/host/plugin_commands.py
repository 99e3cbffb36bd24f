"""`ctx.execute`: the commands a plugin may issue, by name, on its own behalf and with the event it answers as cause.

Ids are prefixed strings or integers; times are milliseconds since the epoch.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from itertools import count
from typing import Any, Protocol

import msgspec

from gateway.core.caller import Caller
from gateway.core.commands import conversations as verbs
from gateway.core.commands.automations import AssignInTurn
from gateway.core.commands.base import Command
from gateway.core.commands.lists import ChangeMembers
from gateway.core.commands.messages import AppendEvent, SendMessage
from gateway.core.commands.questions import AskQuestion
from gateway.core.commands.talks import AskPoll, StartForm
from gateway.core.errors import conflict, invalid
from gateway.core.idempotency import Idempotency, Replayed
from gateway.domain.address import provider_address
from gateway.domain.ids import PREFIXES, format_id, parse_id
from gateway.domain.nature import Nature
from gateway.host.registry import Registered
from gateway.host.telling import Tell
from gateway.sdk.registration import EventTypeSpec


class Execute(Protocol):
    """The writer."""

    async def __call__(
        self, command: Command[Any], caller: Caller, *, idempotency: Idempotency | None = None
    ) -> Any: ...


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


def _whom(fields: Fields) -> dict[str, Any]:
    to = fields.get("to")
    return {
        "to": None if to is None else provider_address(str(to)),
        "contact_id": _maybe_id(fields, "contact_id"),
        "thread_id": _maybe_id(fields, "thread_id"),
        "from_": fields.get("from_"),
    }


def _send(fields: Fields) -> SendMessage:
    return SendMessage(
        body=str(fields.get("body", "")),
        **_whom(fields),
        channel=fields.get("channel"),
        subject=fields.get("subject"),
        send_at=fields.get("send_at"),
        purpose=fields.get("purpose"),
        nature=Nature(fields.get("nature", Nature.AUTO)),
    )


def _ask(plugin: str, fields: Fields) -> AskQuestion:
    answers = {str(value): tuple(map(str, words)) for value, words in dict(fields.get("answers") or {}).items()}
    return AskQuestion(
        plugin=plugin,
        key=str(fields["key"]),
        thread_id=_id(fields, "thread_id"),
        body=str(fields.get("body", "")),
        hours=int(fields.get("hours", 72)),
        scale=fields.get("scale"),
        answers=answers,
        conversation_id=_maybe_id(fields, "conversation_id"),
        about=parse_id(str(fields["about"]), PREFIXES["question"]) if fields.get("about") else None,
        not_within_days=int(fields.get("not_within_days", 0)),
        from_=fields.get("from_"),
        subject=fields.get("subject"),
    )


_BUILDERS: Mapping[str, Build] = {
    "send_message": _send,
    "add_tag": lambda f: verbs.ChangeTags(_id(f, "conversation_id"), add=(str(f["tag"]),)),
    "remove_tag": lambda f: verbs.ChangeTags(_id(f, "conversation_id"), remove=(str(f["tag"]),)),
    "add_note": lambda f: verbs.AddNote(_id(f, "thread_id"), str(f["body"]), bool(f.get("on_contact"))),
    "add_to_list": lambda f: ChangeMembers(_id(f, "list_id"), add=(_id(f, "contact_id"),)),
    "remove_from_list": lambda f: ChangeMembers(_id(f, "list_id"), remove=(_id(f, "contact_id"),)),
    "assign": lambda f: verbs.AssignConversation(
        _id(f, "conversation_id"), _maybe_id(f, "user_id"), _maybe_id(f, "group_id")
    ),
    "assign_in_turn": lambda f: AssignInTurn(_id(f, "conversation_id"), _maybe_id(f, "group_id")),
    "snooze": lambda f: verbs.SnoozeConversation(_id(f, "conversation_id"), int(f["until"])),
    "complete": lambda f: verbs.CompleteConversation(_id(f, "conversation_id")),
    "archive": lambda f: verbs.ArchiveConversation(_id(f, "conversation_id")),
    "start_form": lambda f: StartForm(_id(f, "form_id"), **_whom(f)),
    "ask_poll": lambda f: AskPoll(_id(f, "poll_id"), **_whom(f)),
}
_WRITES = frozenset({"send_message", "ask", "start_form", "ask_poll"})
_RESULTS = {
    "send_message": "message",
    "add_note": "note",
    "start_form": "response",
    "ask_poll": "message",
    "ask": "question",
}


def _answer(noun: str | None, result: Any) -> bytes:
    """The id of what was made, as it is remembered for the next time; nothing of what makes nothing."""
    return format_id(PREFIXES[noun], result.id).encode() if noun else b""


class PluginCommands:
    """Makes the `execute` of plugin contexts. `event_types` are those that plugins registered, by name."""

    def __init__(
        self,
        execute: Execute,
        event_types: Mapping[str, Registered[EventTypeSpec]] | None = None,
        tell: Tell | None = None,
    ) -> None:
        self._execute = execute
        self._tell = tell
        self._event_types = event_types or {}

    def execute_for(self, plugin: str, workspace_id: int, cause: str | None) -> Callable[..., Awaitable[str | None]]:
        """The function for one plugin answering one event."""
        return self.execute_as(plugin, Caller(workspace_id, "automation", name=plugin, cause=cause))

    def execute_as(
        self, plugin: str, caller: Caller, once: str | None = None, silent: str | None = None
    ) -> Callable[..., Awaitable[str | None]]:
        """The same on a caller's behalf. With `once` each call is carried out once, by its place among the calls; so is
        one with a `once` of its own. With `silent`, a sentence, what writes to a contact is refused.
        """
        builders: Mapping[str, Build] = {
            **_BUILDERS,
            "append_event": partial(self._append, plugin),
            "ask": partial(_ask, plugin),
        }
        calls = count(1)

        async def issue(name: str, command: Command[Any], own: str | None = None) -> str | None:
            answer = partial(_answer, _RESULTS.get(name))
            if once is None and own is None:
                return answer(await self._execute(command, caller)).decode() or None
            key = f"{plugin}|{own}" if own is not None else f"{once}-{next(calls)}"
            try:
                result = await self._execute(command, caller, idempotency=Idempotency(key, name, 200, answer))
            except Replayed as before:
                return before.answer.decode() or None
            return answer(result).decode() or None

        async def execute(name: str, **fields: Any) -> str | None:
            if name == "notify" and self._tell is not None:
                for one in await self._tell(caller.workspace_id, str(fields["target"]), str(fields["body"])):
                    await issue(name, one)
                return None
            if silent is not None and name in _WRITES:
                raise conflict("loop", silent)
            own = fields.pop("once", None)
            build = builders.get(name)
            if build is None:
                raise invalid("name", f"There is no command {name}. Known: {', '.join(sorted([*builders, 'notify']))}.")
            try:
                command = build(fields)
            except (KeyError, OverflowError, TypeError, ValueError) as error:
                raise invalid(name, f"{name} can't be made of these fields: {error}") from error
            return await issue(name, command, None if own is None else str(own))

        return execute

    def _append(self, plugin: str, fields: Fields) -> AppendEvent:
        """An event of a type this plugin registered, and no other did. `data` must be JSON: it is stored as that."""
        name = str(fields["type"])
        found = self._event_types.get(name)
        if found is None or found.plugin != plugin:
            raise invalid("type", f"The plugin {plugin} did not register an event type {name} (register_event_types).")
        data = msgspec.json.decode(msgspec.json.encode(fields.get("data") or {}), type=dict[str, Any])
        return AppendEvent(name, _maybe_id(fields, "thread_id"), data)
