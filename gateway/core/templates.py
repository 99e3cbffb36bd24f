"""What users write as templates: Liquid with limits, checked when saved. Contact data is a value in it, never source.

Jinja2 renders our own pages only: its sandbox bounds neither time nor memory (docs/decisions).
"""

from collections.abc import Collection, Mapping
from typing import Any

from gateway.core.errors import invalid
from gateway.domain.model import Contact, ContactAddress

MAX_SOURCE = 10_000

KNOWN: Mapping[str, Collection[str] | None] = {
    "contact": frozenset({"name", "first_name", "last_name", "fields", "phone", "email", "timezone"}),
    "user": frozenset({"name", "first_name"}),
    "sender": frozenset({"value", "label"}),
    "conversation": frozenset({"id", "number", "state", "tags"}),
    "message": frozenset({"id", "body", "channel"}),
    "event": None,
}
"""What each name offers; None: whatever the event carries. Other names are merge fields given with the send."""


def check(
    source: str,
    field: str = "body",
    known: Mapping[str, Collection[str] | None] = KNOWN,
    *,
    closed: bool = False,
) -> None:
    """Refuses a template that can't work, with the place: syntax, unknown filters, fields that `known` has not.

    `closed`: there are no merge fields beside them either.
    """
    if len(source) > MAX_SOURCE:
        raise invalid(field, f"A template may have {MAX_SOURCE} characters; this one has {len(source)}.", "too-long")
    # The library weighs 4 MB and takes 50 ms: it comes with the first template.
    from gateway.core import template_language  # noqa: PLC0415

    template_language.check(source, field, known, closed=closed)


def render(source: str, values: Mapping[str, Any], field: str = "body") -> str:
    """The text, or a refusal that names the missing field or the limit reached."""
    from gateway.core import template_language  # noqa: PLC0415 - as above

    return template_language.render(source, values, field)


def values_of(contact: Contact | None, addresses: list[ContactAddress], user: str | None) -> dict[str, Any]:
    """What a template knows of a contact (only of a saved one) and of whoever sends."""
    values: dict[str, Any] = {"user": name_parts(user)}
    if contact is None or not contact.saved:
        return values
    known = {one.kind: one.value for one in addresses if one.removed_at is None}
    values["contact"] = {
        **name_parts(contact.name),
        "fields": dict(contact.fields),
        "phone": known.get("phone"),  # type: ignore[call-overload]
        "email": known.get("email"),  # type: ignore[call-overload]
        "timezone": contact.timezone,
    }
    return values


def name_parts(name: str | None) -> dict[str, str]:
    """A name with its first and last word, where there is one."""
    words = (name or "").split()
    if not words:
        return {}
    return {"name": " ".join(words), "first_name": words[0], "last_name": words[-1] if len(words) > 1 else ""}
