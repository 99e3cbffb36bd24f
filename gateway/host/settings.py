"""Settings of a gateway between the API, the database and the channel: checked, sealed, opened, shown without secrets.

Stored, a secret is `{"sealed": "..."}`; everything else is plain JSON.
"""

import dataclasses
import difflib
from collections.abc import Mapping
from typing import Any, get_type_hints

import msgspec

from gateway.core.errors import FieldError, Reason, Refused
from gateway.host.secrets import SecretBox, SecretsUnreadable
from gateway.sdk.settings import is_secret, outside_name

_SEALED = "sealed"


def seal_settings(
    settings: type[Any], given: Mapping[str, Any], box: SecretBox, stored: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What to store for what somebody entered. A secret that is left out keeps its `stored` value.

    Raises Refused (INVALID, `invalid-settings`) with one FieldError for each wrong field, named `settings.<field>`.
    """
    secrets = _secret_names(settings)
    kept = {name: stored[name] for name in secrets if stored and name in stored and name not in given}
    opened = {name: _open(value, box) for name, value in kept.items()}
    plain = _plain(parse_settings(settings, {**opened, **given}))
    return {
        name: kept[name] if name in kept else _seal(value, box) if name in secrets and value is not None else value
        for name, value in plain.items()
    }


def _plain(settings: Any) -> dict[str, Any]:
    values = msgspec.to_builtins(settings)
    return {outside_name(field): values[field.name] for field in dataclasses.fields(settings) if field.name in values}


def open_settings(settings: type[Any], stored: Mapping[str, Any], box: SecretBox) -> Any:
    """The Settings object a channel gets. Raises Refused where the stored form no longer fits, SecretsUnreadable."""
    known = {outside_name(field) for field in dataclasses.fields(settings)}
    secrets = _secret_names(settings)
    return parse_settings(
        settings,
        {name: _open(value, box) if name in secrets else value for name, value in stored.items() if name in known},
    )


def redact_settings(settings: type[Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """What may be shown: everything but the secrets."""
    secrets = _secret_names(settings)
    return {name: value for name, value in stored.items() if name not in secrets and not _is_sealed(value)}


def kept_secrets(settings: type[Any], stored: Mapping[str, Any], box: SecretBox) -> frozenset[str]:
    """The names of the secrets that hold something, for a form that shows no more than that."""
    return frozenset(name for name in _secret_names(settings) if name in stored and not _is_empty(stored[name], box))


def _is_empty(value: Any, box: SecretBox) -> bool:
    try:
        return _open(value, box) in (None, "")
    except SecretsUnreadable:  # it is there, and can't be used: entering it anew mends that
        return False


def secret_values(settings: Any) -> tuple[str, ...]:
    """The secrets of an opened Settings object as text, for redaction; longest first."""
    values = (getattr(settings, field.name) for field in dataclasses.fields(settings) if is_secret(field))
    texts = {str(value) for value in values if value not in (None, "")}
    return tuple(sorted(texts, key=len, reverse=True))


def rotate_settings(stored: Mapping[str, Any], box: SecretBox) -> dict[str, Any]:
    """The same settings with every secret sealed anew by the newest key."""
    return {
        name: {_SEALED: box.rotate(value[_SEALED])} if _is_sealed(value) else value for name, value in stored.items()
    }


def parse_settings(settings: type[Any], given: Mapping[str, Any]) -> Any:
    """A Settings object from plain values, strictly: unknown, missing and wrong fields are all told at once."""
    hints = get_type_hints(settings)
    fields = {outside_name(field): field for field in dataclasses.fields(settings) if field.init}
    errors = [_unknown(name, fields) for name in given if name not in fields]
    values: dict[str, Any] = {}
    for name, field in fields.items():
        if name in given:
            try:
                values[field.name] = _convert(given[name], hints[field.name], field)
            except ValueError as error:
                errors.append(FieldError(f"settings.{name}", _sentence(error)))
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            errors.append(FieldError(f"settings.{name}", "This setting is required.", "required"))
    if errors:
        raise _refused(errors)
    try:
        return settings(**values)
    except (TypeError, ValueError) as error:
        raise _refused([FieldError("settings", _sentence(error))]) from error


def _convert(value: Any, hint: Any, field: "dataclasses.Field[Any]") -> Any:
    converted = msgspec.convert(value, hint)
    minimum = field.metadata.get("minimum")
    if minimum is not None and isinstance(converted, int | float) and not converted >= minimum:
        raise ValueError(f"Must be at least {minimum:g}.")
    return converted


def _unknown(name: str, fields: Mapping[str, Any]) -> FieldError:
    near = difflib.get_close_matches(name, fields, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return FieldError(f"settings.{name}", f"There is no such setting.{hint}", "unknown")


def _refused(errors: list[FieldError]) -> Refused:
    return Refused(Reason.INVALID, "invalid-settings", "The settings don't fit the plugin.", errors)


def _sentence(error: Exception) -> str:
    text = str(error).replace("`", "").partition(" - at $")[0]
    return text if text.endswith(".") else f"{text}."


def _secret_names(settings: type[Any]) -> frozenset[str]:
    return frozenset(outside_name(field) for field in dataclasses.fields(settings) if is_secret(field))


def _is_sealed(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == {_SEALED}


def _seal(value: Any, box: SecretBox) -> dict[str, str]:
    return {_SEALED: box.seal(msgspec.json.encode(value).decode())}


def _open(value: Any, box: SecretBox) -> Any:
    return msgspec.json.decode(box.open(value[_SEALED])) if _is_sealed(value) else value
