"""What an administrator configures: gateways, senders, pools, tags, templates and the workspace itself."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from gateway.domain.policy import Policy
from gateway.domain.record import record
from gateway.domain.sender import SenderKind


@record
class Workspace:
    """A business. `version` grows with every change of settings, so that each node knows when its copy is old.

    `two_factor_required` asks everybody who signs in with a password for a second factor. `retention`
    has days by kind (`domain/retention.py`). Without `password_login` people come in through their identity provider.
    Nobody gets into a workspace that is suspended; one that is removed is emptied by the janitor, then gone.
    `assignment` are the rules by which conversations are given to people (`domain/assignment.py`).
    """

    id: int
    name: str
    created_at: int
    version: int = 0
    preset: str = "inbox-zero"
    policy: Policy = field(default_factory=Policy)
    two_factor_required: bool = False
    retention: Mapping[str, int] = field(default_factory=dict)
    password_login: bool = True
    suspended_at: int | None = None
    removed_at: int | None = None
    assignment: tuple[Mapping[str, Any], ...] = ()


class GatewayChoice(StrEnum):
    """How one of the gateways that serve a sender is chosen, of those that are well."""

    LAST_USED = "last_used"  # the one used with the contact before, else in order
    ORDER = "order"
    CHEAPEST = "cheapest"
    WEIGHT = "weight"  # contacts are spread by `gateway_weights`; each keeps its gateway


@record
class Gateway:
    """One configured instance of a channel plugin. Secret settings are sealed (`host/secrets.py`).

    `prices` is a table of `domain/prices.py`, for senders that have none of their own.
    """

    workspace_id: int
    id: int
    plugin: str
    name: str
    token: str
    created_at: int
    settings: Mapping[str, Any] = field(default_factory=dict)
    rate: float | None = None
    enabled: bool = True
    paused: bool = False
    removed_at: int | None = None
    prices: Mapping[str, Any] = field(default_factory=dict)


@record
class GatewayHealth:
    """How a gateway is, as last reported. A fact beside the gateway: changing it is no change of settings."""

    workspace_id: int
    gateway_id: int
    state: str
    since: int
    reason: str | None = None


@record
class Sender:
    """One of our addresses. `gateway_ids` are those that serve it, in order of preference.

    `prices` is a table of `domain/prices.py`; `rate` is parts a second. `gateway_weights` has a whole number by gateway
    id (as text), 1 where it says nothing and 0 for one that is only there for when the others are not.
    """

    workspace_id: int
    id: int
    kind: SenderKind
    value: str
    created_at: int
    label: str | None = None
    gateway_ids: tuple[int, ...] = ()
    append_text: str | None = None
    mms_enabled: bool = False
    prices: Mapping[str, Any] = field(default_factory=dict)
    rate: float | None = None
    removed_at: int | None = None
    gateway_choice: GatewayChoice = GatewayChoice.LAST_USED
    gateway_weights: Mapping[str, int] = field(default_factory=dict)


@record
class Pool:
    """A set of senders used as one: `sticky` keeps each contact's, `nearest` prefers one from where they are."""

    workspace_id: int
    id: int
    name: str
    created_at: int
    sender_ids: tuple[int, ...] = ()
    removed_at: int | None = None
    sticky: bool = True
    nearest: bool = True


@record
class Tag:
    """A word on conversations; `colour` is one of the palette's names."""

    workspace_id: int
    id: int
    name: str
    created_at: int
    colour: str = "orange"
    removed_at: int | None = None


@record
class Snippet:
    """Words kept for use again: kind `template` (Liquid), `quick_reply` or `quick_note` (literal).

    They stand in order of `position`, then of their names; `uses` counts how often one was put into a message.
    """

    workspace_id: int
    id: int
    kind: str
    name: str
    body: str
    created_at: int
    user_id: int | None = None
    shared: bool = True
    removed_at: int | None = None
    position: int = 0
    uses: int = 0


@record
class SavedView:
    """A list of conversations kept under a name: `query` are the parameters of `GET /conversations`, as text.

    Shared ones are the team's. `layout` is how the Messenger shows it: `list` or `table`.
    """

    workspace_id: int
    id: int
    name: str
    created_at: int
    query: Mapping[str, str] = field(default_factory=dict)
    user_id: int | None = None
    shared: bool = False
    layout: str = "list"
    removed_at: int | None = None
