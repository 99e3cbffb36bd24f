"""Settings of a channel or an action: a dataclass whose fields say how they are shown and whether they are secret.

A field that would be a word of Python's (`from`, `for`, `if`) ends with an underscore here, and nowhere else.
"""

import keyword
from dataclasses import Field, field
from typing import Any, Literal

Noun = Literal["user", "group", "sender", "tag", "list", "form", "poll", "template", "event"]
"""What a setting can name: the form then offers what there is, and what there is not is refused."""


def setting(
    default: Any = ...,
    *,
    label: str | None = None,
    hint: str = "",
    minimum: float | None = None,
    lines: int = 1,
    liquid: bool = False,
    names: Noun | None = None,
    url: bool = False,
) -> Any:
    """A field of a Settings dataclass with a label, a hint for the form, and a least value where it has one.

    `lines` is how much room the form gives a text.
    Each Settings object gets a copy of a default that is a list or a mapping.

    Of an action's settings: a `liquid` text is a template, checked when it is saved, and reaches the action as it
    reads for the event. One that `names` a user, a group, a sender, a list, a form or a poll is written as a name, an
    address or an id, and reaches the action as the id; one that names a template reaches it as that template's words
    for the event. A `url` is the address of a program that the action calls: one that isn't whole, or that the gateway
    may not reach, is refused when it is saved.
    """
    metadata = {
        "label": label,
        "hint": hint,
        "minimum": minimum,
        "secret": False,
        "liquid": liquid,
        "names": names,
        "lines": lines,
        "url": url,
    }
    return _field(default, metadata)


def secret(default: Any = ..., *, label: str | None = None, hint: str = "") -> Any:
    """A setting that goes in and never comes out: encrypted at rest, redacted in traces, absent from answers."""
    return _field(default, {"label": label, "hint": hint, "minimum": None, "secret": True})


def is_secret(settings_field: "Field[Any]") -> bool:
    """Whether a field of a Settings dataclass was declared with `secret()`."""
    return bool(settings_field.metadata.get("secret"))


def is_liquid(settings_field: "Field[Any]") -> bool:
    """Whether a field is a template of words."""
    return bool(settings_field.metadata.get("liquid"))


def is_url(settings_field: "Field[Any]") -> bool:
    """Whether a field is an address that will be called."""
    return bool(settings_field.metadata.get("url"))


def named_by(settings_field: "Field[Any]") -> Noun | None:
    """What a field names, if it names something."""
    return settings_field.metadata.get("names")


def outside_name(settings_field: "Field[Any]") -> str:
    """What a field is called in forms and in the API."""
    name = settings_field.name
    return name[:-1] if name.endswith("_") and keyword.iskeyword(name[:-1]) else name


def _field(default: Any, metadata: dict[str, Any]) -> Any:
    shown = not metadata["secret"]  # or the first log line with the settings in it gives the secret away
    if default is ...:
        return field(metadata=metadata, repr=shown)
    if isinstance(default, list | dict):
        return field(default_factory=default.copy, metadata=metadata, repr=shown)
    return field(default=default, metadata=metadata, repr=shown)
