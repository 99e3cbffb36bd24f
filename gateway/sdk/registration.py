"""What the register hooks return: small descriptions, each with the functions that do the work."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from gateway.domain.record import record
from gateway.sdk.events import EventView, PluginContext
from gateway.sdk.values import MediaReference
from gateway.sdk.webhook import WebhookRequest, WebhookResponse

SettingsType = type[Any]
"""A dataclass whose fields make a form."""


@record(gc=True)
class Action:
    """Something an automation can do; `settings` is the dataclass its form is made from.

    `run` returns what the log of runs shall show of it, if anything: small facts, ids and numbers. It raises
    `ActionRefused` for what will never do, and anything else to be tried again. `sentence` says it within "then ...",
    with settings in braces: `add the tag {tag}`; without one the label does.
    """

    type: str
    label: str
    settings: SettingsType
    run: Callable[[PluginContext, EventView, Any], Awaitable[Mapping[str, Any] | None]]
    sentence: str = ""


@record(gc=True)
class Condition:
    """A field an automation can ask about; `value` is a pure function of the event and its snapshot."""

    field: str
    label: str
    value: Callable[[EventView, Mapping[str, Any]], Any]


def nothing_wrong(target: str) -> str | None:
    """What a notifier that takes any target says of one."""
    return None


@record(gc=True)
class Notifier:
    """A way to reach people; `send` gets the target they configured and a short text, and raises `NoticeFailed`.

    `check` says what is wrong with a target before it is kept, without calling anybody; None where nothing is. `hint`
    says beside the field what a target looks like.
    """

    type: str
    label: str
    send: Callable[[PluginContext, str, str], Awaitable[None]]
    check: Callable[[str], str | None] = nothing_wrong
    hint: str = ""


@record(gc=True)
class MediaSource:
    """A place to take pictures from; `search` returns references with URLs."""

    type: str
    label: str
    search: Callable[[PluginContext, str], Awaitable[Sequence[MediaReference]]]


@record(gc=True)
class Route:
    """A route under `/x/{plugin}/{path}`."""

    method: str
    path: str
    handle: Callable[[WebhookRequest], Awaitable[WebhookResponse]]


@record(gc=True)
class Page:
    """A page with an entry in the navigation; `render` returns HTML for the main area."""

    path: str
    label: str
    icon: str
    render: Callable[[PluginContext, Mapping[str, str]], Awaitable[str]]


@record(gc=True)
class CommandLine:
    """A command of the `gateway` program; `run` gets the remaining arguments and returns the exit status."""

    name: str
    help: str
    run: Callable[[Sequence[str]], int]


@record(gc=True)
class Metric:
    """A gauge read when metrics are scraped."""

    name: str
    help: str
    read: Callable[[], float]


@record
class EventTypeSpec:
    """An event type of the plugin's own, named `{plugin}_{something}`."""

    name: str
    doc: str


@record
class Scale:
    """What answers to a plugin's questions are counted by, as a section of the statistics.

    `points` are the values, whole numbers from 0 to 400, with what each is called; `good` those that count as
    satisfied. `name` is `{plugin}_{something}`.
    """

    name: str
    label: str
    points: Mapping[int, str]
    good: frozenset[int] = frozenset()


@record
class Panel:
    """A panel beside a thread, loaded from `url` when opened."""

    label: str
    url: str


@record
class MenuItem:
    """An entry in a thread's menu."""

    label: str
    icon: str
    url: str
