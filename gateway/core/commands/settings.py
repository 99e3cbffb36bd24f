"""What an administrator configures. One record type each; an update names only what changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.core.commands.base import UNCHANGED, Command
from gateway.domain.record import record
from gateway.domain.sender import SenderKind
from gateway.domain.settings import Gateway, GatewayChoice, Pool, Sender, Snippet, Tag, Workspace


@dataclass(frozen=True, slots=True)
class CreateGateway(Command[Gateway]):
    """`settings` are validated against the plugin's Settings and sealed by the caller (`host/settings.py`).

    `token` names the gateway in its providers' URLs: at least 24 random characters that a URL takes as they are.
    """

    plugin: str
    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    rate: float | None = None
    enabled: bool = True
    token: str = field(kw_only=True)
    prices: Mapping[str, Any] = field(default_factory=dict)


@record
class UpdateGateway(Command[Gateway]):
    """Also pauses and resumes. `settings` replaces them all."""

    gateway_id: int
    name: str = UNCHANGED
    settings: Mapping[str, Any] = UNCHANGED
    rate: float | None = UNCHANGED
    enabled: bool = UNCHANGED
    paused: bool = UNCHANGED
    prices: Mapping[str, Any] = UNCHANGED


@record
class RemoveGateway(Command[None]):
    """Senders stay, without it; its history keeps its name."""

    gateway_id: int


@record
class ReportHealth(Command[None]):
    """A gateway went up, down or degraded."""

    gateway_id: int
    state: str
    reason: str | None = None


@record
class CreateSender(Command[Sender]):
    """One of our addresses, served by gateways in order of preference."""

    kind: SenderKind
    value: str
    label: str | None = None
    gateway_ids: tuple[int, ...] = ()
    append_text: str | None = None
    mms_enabled: bool = False
    prices: Mapping[str, Any] = field(default_factory=dict)
    rate: float | None = None
    gateway_choice: GatewayChoice = GatewayChoice.LAST_USED
    gateway_weights: Mapping[int, int] = field(default_factory=dict)


@record
class UpdateSender(Command[Sender]):
    """Everything but its kind and value."""

    sender_id: int
    label: str | None = UNCHANGED
    gateway_ids: tuple[int, ...] = UNCHANGED
    append_text: str | None = UNCHANGED
    mms_enabled: bool = UNCHANGED
    prices: Mapping[str, Any] = UNCHANGED
    rate: float | None = UNCHANGED
    gateway_choice: GatewayChoice = UNCHANGED
    gateway_weights: Mapping[int, int] = UNCHANGED


@record
class RemoveSender(Command[None]):
    """Leaves its pools and its gateways; history keeps its value."""

    sender_id: int


@record
class CreatePool(Command[Pool]):
    """Senders used as one."""

    name: str
    sender_ids: tuple[int, ...] = ()
    sticky: bool = True
    nearest: bool = True


@record
class UpdatePool(Command[Pool]):
    """Another name, other senders, another way to choose."""

    pool_id: int
    name: str = UNCHANGED
    sender_ids: tuple[int, ...] = UNCHANGED
    sticky: bool = UNCHANGED
    nearest: bool = UNCHANGED


@record
class RemovePool(Command[None]):
    """Its senders stay."""

    pool_id: int


@record
class CreateTag(Command[Tag]):
    """A word for conversations."""

    name: str
    colour: str = "orange"


@record
class UpdateTag(Command[Tag]):
    """Another name or colour, everywhere at once."""

    tag_id: int
    name: str = UNCHANGED
    colour: str = UNCHANGED


@record
class RemoveTag(Command[None]):
    """Gone from every conversation."""

    tag_id: int


@record
class MergeTags(Command[Tag]):
    """Every conversation with the one gets the other, which is left; the one is gone."""

    tag_id: int
    into_id: int


@record
class CreateSnippet(Command[Snippet]):
    """`kind` is template, quick_reply or quick_note."""

    kind: str
    name: str
    body: str
    shared: bool = True


@record
class UpdateSnippet(Command[Snippet]):
    """Another name, body or circle."""

    snippet_id: int
    kind: str
    name: str = UNCHANGED
    body: str = UNCHANGED
    shared: bool = UNCHANGED


@record
class RemoveSnippet(Command[None]):
    """Messages made from it stay."""

    snippet_id: int
    kind: str


@record
class OrderSnippets(Command[None]):
    """These stand in this order; the others of the kind keep their places."""

    kind: str
    snippet_ids: tuple[int, ...]


@record
class RecordSnippetUse(Command[None]):
    """Somebody put it into a message once more."""

    snippet_id: int
    kind: str


@record
class CreateWorkspace(Command[Workspace]):
    """Another business on this installation, empty, with the policies of a preset. Issued in the first one."""

    name: str
    preset: str = "inbox-zero"


@record
class SuspendWorkspace(Command[Workspace]):
    """Nobody gets in, by session or token, until it is lifted. What contacts send is still stored."""

    suspended: bool


@record
class RemoveWorkspace(Command[None]):
    """All of it goes. `name` is its name, typed once more."""

    name: str


@record
class UpdateWorkspace(Command[Workspace]):
    """Its name, a preset, or single policies (`policy` in the form of `domain/policy.parse_policy`).

    `session_id` is the session that asks: whoever turns passwords off must have come without one.
    """

    name: str = UNCHANGED
    preset: str = UNCHANGED
    policy: Mapping[str, Any] = UNCHANGED
    two_factor_required: bool = UNCHANGED
    retention: Mapping[str, int | None] = UNCHANGED
    password_login: bool = UNCHANGED
    assignment: tuple[Mapping[str, Any], ...] = UNCHANGED
    session_id: int | None = None
