"""What event hooks are told: ids and small facts, never bodies."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import field
from typing import Any

from gateway.domain.record import record
from gateway.sdk.context import HttpClient, Store


@record
class EventView:
    """One line of the event log.

    `position` grows in commit order within a workspace; `at` is milliseconds since the epoch.
    """

    workspace_id: int
    position: int
    type: str
    at: int
    thread_id: int | None
    conversation_id: int | None
    message_id: int | None
    contact_id: int | None
    actor: str
    cause: str | None
    data: Mapping[str, Any]


def nowhere(address: str, port: int) -> bool:
    """Where nothing may be dialled."""
    return False


@record(gc=True)
class PluginContext:
    """What a plugin's event hook may use: its store, the HTTP client, the clock, and commands by name.

    `execute(name, **fields)` issues one of the documented commands (`send_message`, `add_tag`, ...) on behalf of the
    plugin, with this event as its cause, and returns the id of what it made, or None. Events come at least once: a
    command with a `once` of its own, a name of the plugin's, is carried out once however often it is issued.

    `may_reach(address, port)` judges an IP address as `http` does: for what connects by itself.

    An action of an automation also has `values`, what is known of the event (contact, conversation, message, ...), as
    conditions and Liquid name it, and `once`, which names this action of this run: the same over retries. Its commands
    are carried out once, however often the action is tried; `once` lets others keep that promise too.
    """

    plugin: str
    clock: Callable[[], int]
    store: Store
    http: HttpClient
    execute: Callable[..., Awaitable[str | None]]
    values: Mapping[str, Any] = field(default_factory=dict)
    once: str = ""
    may_reach: Callable[[str, int], bool] = nowhere
