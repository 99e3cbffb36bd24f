"""What the settings of an action name: users, groups, senders, lists, forms, templates, by a name or an id."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from gateway.core.routing import named_sender
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.folding import folded
from gateway.domain.ids import PREFIXES, format_id, parse_id
from gateway.domain.settings import Snippet
from gateway.sdk.settings import Noun

_NAMED: Mapping[str, Callable[[WorkspaceView], Mapping[int, Any]]] = {
    "list": lambda view: view.lists,
    "form": lambda view: view.forms,
    "poll": lambda view: view.polls,
}


def find_named(view: WorkspaceView, templates: Iterable[Snippet], noun: Noun, text: str) -> Any:
    """The live record that a text names, or None. A tag or an event is named by itself, whether or not there is one."""
    match noun:
        case "user":
            people = [one for one in view.live(view.users) if one.kind == "person"]
            return _by_id(people, noun, text) or _by_words(people, text, "name", "email")
        case "group":
            groups = list(view.live(view.groups))
            return _by_id(groups, noun, text) or _by_words(groups, text, "name")
        case "list" | "form" | "poll":
            called = list(view.live(_NAMED[noun](view)))
            return _by_id(called, noun, text) or _by_words(called, text, "name")
        case "template":
            known = list(templates)
            return _by_id(known, noun, text) or _by_words(known, text, "name")
        case "sender":
            return named_sender(view, text)
        case _:
            return text


def id_of(noun: Noun, found: Any) -> str:
    """What an action is handed for it."""
    return format_id(PREFIXES[noun], found.id)


def offered(view: WorkspaceView, templates: Iterable[Snippet], noun: Noun) -> Mapping[str, str]:
    """What a form offers: what is stored for each, and what people read."""
    match noun:
        case "user":
            people = (one for one in view.live(view.users) if one.kind == "person")
            return {format_id("usr", one.id): one.name for one in people}
        case "group":
            return {format_id("grp", one.id): one.name for one in view.live(view.groups)}
        case "list" | "form" | "poll":
            return {format_id(PREFIXES[noun], one.id): one.name for one in view.live(_NAMED[noun](view))}
        case "template":
            return {format_id("tpl", one.id): one.name for one in templates}
        case "sender":
            senders = {format_id("snd", one.id): one.label or one.value for one in view.live(view.senders)}
            return {**senders, **{format_id("pol", one.id): one.name for one in view.live(view.pools)}}
        case "tag":
            return {one.name: one.name for one in view.live(view.tags)}
        case _:
            return {}


def _by_id(records: Iterable[Any], noun: str, text: str) -> Any:
    try:
        wanted = parse_id(text.strip(), PREFIXES[noun])
    except ValueError:
        return None
    return next((one for one in records if one.id == wanted), None)


def _by_words(records: Iterable[Any], text: str, *fields: str) -> Any:
    wanted = folded(text).strip()
    for field in fields:
        for one in records:
            if folded(getattr(one, field) or "").strip() == wanted:
                return one
    return None
