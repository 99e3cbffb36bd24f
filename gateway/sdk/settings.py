"""Settings of a channel: a dataclass whose fields say how they are shown and whether they are secret."""

from dataclasses import Field, field
from typing import Any


def setting(default: Any = ..., *, label: str | None = None, hint: str = "", minimum: float | None = None) -> Any:
    """A field of a Settings dataclass with a label, a hint for the form, and a least value where it has one.

    Each Settings object gets a copy of a default that is a list or a mapping.
    """
    return _field(default, {"label": label, "hint": hint, "minimum": minimum, "secret": False})


def secret(default: Any = ..., *, label: str | None = None, hint: str = "") -> Any:
    """A setting that goes in and never comes out: encrypted at rest, redacted in traces, absent from answers."""
    return _field(default, {"label": label, "hint": hint, "minimum": None, "secret": True})


def is_secret(settings_field: "Field[Any]") -> bool:
    """Whether a field of a Settings dataclass was declared with `secret()`."""
    return bool(settings_field.metadata.get("secret"))


def _field(default: Any, metadata: dict[str, Any]) -> Any:
    shown = not metadata["secret"]  # or the first log line with the settings in it gives the secret away
    if default is ...:
        return field(metadata=metadata, repr=shown)
    if isinstance(default, list | dict):
        return field(default_factory=default.copy, metadata=metadata, repr=shown)
    return field(default=default, metadata=metadata, repr=shown)
