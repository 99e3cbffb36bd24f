"""What the forms of keywords, forms and polls share: numbers to tick, choices in lines, and things to choose from."""

from collections.abc import Mapping, Sequence

from gateway.domain.forms import Choice
from gateway.domain.ids import format_id
from gateway.domain.record import record
from gateway.domain.sender import SenderKind
from gateway.web.pages.desk import Desk
from gateway.web.pages.formatting import sender_text
from gateway.web.pages.settings.fields import Form, Option

NUMBER = "number."
_SPEECHLESS = frozenset({SenderKind.EMAIL, SenderKind.ALPHANUMERIC})


@record
class Number:
    """One of our senders, to be ticked."""

    name: str
    label: str
    value: str
    inside: bool


def numbers(desk: Desk, chosen: Sequence[int], form: Form | None) -> list[Number]:
    """Those that can be texted."""
    made = []
    for one in desk.view.live(desk.view.senders):
        if one.kind in _SPEECHLESS:
            continue
        name, value = NUMBER + format_id("snd", one.id), sender_text(one.value)
        inside = form.is_on(name) if form is not None else one.id in chosen
        made.append(Number(name, one.label or value, value, inside))
    return made


def ticked(form: Form) -> list[str]:
    """The ids of those that were."""
    return [name.removeprefix(NUMBER) for name in form.given if name.startswith(NUMBER)]


def where(desk: Desk, sender_ids: Sequence[int]) -> str:
    """On which numbers, in words."""
    _ = desk.language.gettext
    known = [desk.view.senders[one] for one in sender_ids if one in desk.view.senders]
    if not known:
        return _("on any number")
    return _("on %(numbers)s", numbers=", ".join(one.label or sender_text(one.value) for one in known))


def chosen_from(desk: Desk, noun: str, nothing: str) -> list[Option]:
    """A choice of lists, forms, polls or tags; tags go by their names."""
    records = getattr(desk.view, f"{noun}s")
    prefix = {"list": "lst", "form": "frm", "poll": "pll"}.get(noun)
    live = sorted(desk.view.live(records), key=lambda one: one.name.casefold())
    named = [Option(format_id(prefix, one.id) if prefix else one.name, one.name) for one in live]
    return [Option("", nothing), *named]


def lines_of(choices: Sequence[Choice], tags: Mapping[int, str]) -> str:
    """Choices as they are written: one in a line, its other words after a bar, its tag after a #."""
    made = []
    for one in choices:
        words = f" | {', '.join(one.words)}" if one.words else ""
        name = tags.get(one.tag_id or 0)
        tag = f" # {name}" if name else ""
        made.append(f"{one.label}{words}{tag}")
    return "\n".join(made)


def choices_in(text: str) -> list[dict[str, object]]:
    """The same read back, as the API takes them."""
    made: list[dict[str, object]] = []
    for line in text.splitlines():
        rest, _, tag = line.partition("#")
        label, _, words = rest.partition("|")
        if label.strip():
            one: dict[str, object] = {"label": label.strip()}
            one["words"] = [word.strip() for word in words.split(",") if word.strip()]
            made.append(one | ({"tag": tag.strip()} if tag.strip() else {}))
    return made


def tag_names(desk: Desk) -> Mapping[int, str]:
    """Live tags by id."""
    return {one.id: one.name for one in desk.view.live(desk.view.tags)}
