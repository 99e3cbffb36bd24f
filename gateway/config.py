"""Settings: flags first, then ONETHREAD_* variables, then gateway.toml; errors name the place of what is wrong."""

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec

from gateway.domain.presets import PRESETS
from gateway.storage.connect import open_database
from gateway.web.state import Limits

PREFIX = "ONETHREAD_"
FILE = "gateway.toml"
_LISTS = frozenset({"allow_hosts", "trusted_proxies", "disabled_plugins"})


class ProcessRole(StrEnum):
    """What a process does: everything, answer HTTP, or send and follow."""

    ALL = "all"
    WEB = "web"
    WORKER = "worker"


class LogLevel(StrEnum):
    """The least that is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything that can be set. `database` None is SQLite in the data folder; `public_url` None is http://host:port.

    `secret_key` is one or more keys, separated by commas, the newest first; without it a key file in the data folder.
    `allow_hosts` are private addresses that outgoing requests may reach.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 8080
    data: str = "data"
    database: str | None = None
    nats: str | None = None
    role: ProcessRole = ProcessRole.ALL
    public_url: str | None = None
    preset: str = "inbox-zero"
    workspace: str = "Onethread"
    allow_hosts: list[str] = []
    trusted_proxies: list[str] = []
    disabled_plugins: list[str] = []
    secret_key: str | None = None
    log_level: LogLevel = LogLevel.INFO
    api_rate: Annotated[float, msgspec.Meta(gt=0)] | None = None
    limits: Limits = Limits()

    @property
    def folder(self) -> Path:
        """The data folder."""
        return Path(self.data)

    @property
    def database_url(self) -> str:
        """The database, named or in the data folder."""
        return self.database or f"sqlite:///{(self.folder / 'gateway.db').absolute()}"


class SettingsError(Exception):
    """A setting that can't be used: where it stands, and what is wrong with it."""


def load_settings(
    flags: Mapping[str, Any], environment: Mapping[str, str] | None = None, file: Path | None = None
) -> Settings:
    """The settings of this process. `flags` that are None were not given. Raises SettingsError."""
    variables = os.environ if environment is None else environment
    named = file or (Path(variables[f"{PREFIX}CONFIG"]) if variables.get(f"{PREFIX}CONFIG") else None)
    merged = {
        **_from_file(named),
        **_from_variables(variables),
        **{name: value for name, value in flags.items() if value is not None},
    }
    settings = _checked(merged, "", strict=False)
    if settings.preset not in PRESETS:
        raise SettingsError(f"preset: there is no {settings.preset}; use one of {', '.join(PRESETS)}.")
    try:
        open_database(settings.database_url)
    except ValueError as error:
        raise SettingsError(f"database: {error}.") from None
    if settings.public_url is not None:
        settings = msgspec.structs.replace(settings, public_url=_public_url(settings.public_url))
    return settings


def _from_file(named: Path | None) -> dict[str, Any]:
    path = named or Path(FILE)
    if named is None and not path.is_file():
        return {}
    try:
        values: dict[str, Any] = msgspec.toml.decode(path.read_bytes())
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}.") from None
    except msgspec.DecodeError as error:
        raise SettingsError(f"{path}: this is not TOML: {error}.") from None
    _checked(values, f"{path}: ", strict=True)
    return values


def _from_variables(variables: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in msgspec.structs.fields(Settings):
        text = variables.get(PREFIX + field.name.upper(), "")
        if not text or field.name == "limits":
            continue
        value = [item.strip() for item in text.split(",") if item.strip()] if field.name in _LISTS else text
        _checked({field.name: value}, PREFIX, strict=False)
        values[field.name] = value
    return values


def _checked(values: Mapping[str, Any], place: str, *, strict: bool) -> Settings:
    try:
        return msgspec.convert(dict(values), Settings, strict=strict)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$.")
        field = where.removesuffix("`")
        name = field.upper() if place == PREFIX else field
        raise SettingsError(f"{place}{name}{': ' if name else ''}{what.replace('`', '')}.") from None


def _public_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise SettingsError(f"public_url: {text} must be http(s)://host[:port] and nothing more.")
    return f"{parts.scheme}://{parts.netloc}"
