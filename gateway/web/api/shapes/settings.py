"""What an administrator configures, as the API says it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.people import Group, Token
from gateway.domain.policy import dump_policy
from gateway.domain.retention import KINDS, days_of
from gateway.domain.settings import Gateway, GatewayHealth, Pool, Sender, Snippet, Tag, Workspace
from gateway.web.api.times import to_id, to_time, to_time_or_none

NOUN_OF_SNIPPET = {"template": "template", "quick_reply": "quick_reply", "quick_note": "quick_note"}


class Urls(msgspec.Struct, frozen=True):
    """What to enter at the provider."""

    inbound: str
    status: str
    fallback: str


class HealthShape(msgspec.Struct, frozen=True):
    """How a gateway is: ok, degraded, down or paused."""

    state: str
    reason: str | None
    since: datetime | None


class GatewayShape(msgspec.Struct, frozen=True):
    """One configured instance of a channel plugin; secret settings are absent.

    `token` and `urls` let anyone speak as the provider of a simulator, so only administrators are shown them.
    """

    id: str
    plugin: str
    name: str
    token: str | None
    urls: Urls | None
    settings: dict[str, Any]
    rate: float | None
    enabled: bool
    paused: bool
    health: HealthShape
    created_at: datetime
    prices: dict[str, Any] = {}


class SenderShape(msgspec.Struct, frozen=True):
    """One of our addresses."""

    id: str
    kind: str
    value: str
    label: str | None
    gateway_ids: list[str]
    append_text: str | None
    mms_enabled: bool
    prices: dict[str, Any]
    rate: float | None
    created_at: datetime
    gateway_choice: str = "last_used"
    gateway_weights: dict[str, int] = {}


class SenderBrief(msgspec.Struct, frozen=True):
    """A sender beside something else."""

    id: str
    kind: str
    value: str
    label: str | None


class PoolShape(msgspec.Struct, frozen=True):
    """Senders used as one."""

    id: str
    name: str
    sender_ids: list[str]
    created_at: datetime
    sticky: bool = True
    nearest: bool = True


class TagShape(msgspec.Struct, frozen=True):
    """A word on conversations."""

    id: str
    name: str
    colour: str


class SnippetShape(msgspec.Struct, frozen=True):
    """Words kept for use again."""

    id: str
    name: str
    body: str
    shared: bool
    created_at: datetime


class GroupShape(msgspec.Struct, frozen=True):
    """Some of the team who share work."""

    id: str
    name: str
    user_ids: list[str]


class TokenShape(msgspec.Struct, frozen=True):
    """An API token; its secret was shown once, when it was made."""

    id: str
    name: str
    user_id: str
    role: str
    created_at: datetime
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None  # to some minutes


class WorkspaceShape(msgspec.Struct, frozen=True):
    """The workspace and its policies."""

    id: str
    name: str
    preset: str
    policy: dict[str, Any]
    created_at: datetime
    two_factor_required: bool = False
    retention: dict[str, int] = {}
    password_login: bool = True
    assignment: list[dict[str, Any]] = []


def gateway_shape(
    gateway: Gateway, settings: Mapping[str, Any], health: GatewayHealth | None, public_url: str
) -> GatewayShape:
    """A gateway with those of its `settings` that may be shown."""
    base = f"{public_url}/c/{gateway.token}"
    return GatewayShape(
        id=to_id("gateway", gateway.id),
        plugin=gateway.plugin,
        name=gateway.name,
        token=gateway.token,
        urls=Urls(f"{base}/inbound", f"{base}/status", f"{base}/fallback"),
        settings=dict(settings),
        rate=gateway.rate,
        enabled=gateway.enabled,
        paused=gateway.paused,
        health=health_shape(gateway, health),
        created_at=to_time(gateway.created_at),
        prices=dict(gateway.prices),
    )


def health_shape(gateway: Gateway, health: GatewayHealth | None) -> HealthShape:
    """How it is. One that nobody reported on yet is taken to be well; one that is paused says so."""
    if gateway.paused or not gateway.enabled:
        reason = "Paused." if gateway.paused else "Switched off."
        return HealthShape("paused", reason, to_time_or_none(health.since if health else None))
    if health is None:
        return HealthShape("ok", None, to_time(gateway.created_at))
    return HealthShape(health.state, health.reason, to_time(health.since))


def sender_shape(sender: Sender) -> SenderShape:
    """A sender in full."""
    return SenderShape(
        id=to_id("sender", sender.id),
        kind=sender.kind,
        value=sender.value,
        label=sender.label,
        gateway_ids=[to_id("gateway", one) for one in sender.gateway_ids],
        append_text=sender.append_text,
        mms_enabled=sender.mms_enabled,
        prices=dict(sender.prices),
        rate=sender.rate,
        created_at=to_time(sender.created_at),
        gateway_choice=sender.gateway_choice,
        gateway_weights={to_id("gateway", int(one)): weight for one, weight in sender.gateway_weights.items()},
    )


def sender_brief(sender: Sender | None) -> SenderBrief | None:
    """A sender beside something else."""
    return None if sender is None else SenderBrief(to_id("sender", sender.id), sender.kind, sender.value, sender.label)


def pool_shape(pool: Pool) -> PoolShape:
    """A pool."""
    senders = [to_id("sender", one) for one in pool.sender_ids]
    return PoolShape(to_id("pool", pool.id), pool.name, senders, to_time(pool.created_at), pool.sticky, pool.nearest)


def tag_shape(tag: Tag) -> TagShape:
    """A tag."""
    return TagShape(to_id("tag", tag.id), tag.name, tag.colour)


def snippet_shape(snippet: Snippet) -> SnippetShape:
    """A template, quick reply or quick note."""
    made = to_id(NOUN_OF_SNIPPET[snippet.kind], snippet.id)
    return SnippetShape(made, snippet.name, snippet.body, snippet.shared, to_time(snippet.created_at))


def group_shape(group: Group, view: WorkspaceView) -> GroupShape:
    """A group with its members."""
    members = [to_id("user", user.id) for user in view.live(view.users) if group.id in user.group_ids]
    return GroupShape(to_id("group", group.id), group.name, members)


def token_shape(token: Token, view: WorkspaceView) -> TokenShape:
    """A token, without its secret."""
    user = view.users.get(token.user_id)
    role = str(user.role) if user else ""
    return TokenShape(
        to_id("token", token.id),
        token.name,
        to_id("user", token.user_id),
        role,
        to_time(token.created_at),
        to_time_or_none(token.revoked_at),
        to_time_or_none(token.last_used_at),
    )


def workspace_shape(workspace: Workspace) -> WorkspaceShape:
    """The workspace."""
    return WorkspaceShape(
        to_id("workspace", workspace.id),
        workspace.name,
        workspace.preset,
        dump_policy(workspace.policy),
        to_time(workspace.created_at),
        workspace.two_factor_required,
        {kind: days_of(workspace.retention, kind) for kind in KINDS},
        workspace.password_login,
        [dict(one) for one in workspace.assignment],
    )
