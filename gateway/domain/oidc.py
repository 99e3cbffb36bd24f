"""Signing in through somebody else's server (OpenID Connect): which one, and what it says about a person."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from gateway.domain.people import User
from gateway.domain.record import record


@record
class OidcSettings:
    """A workspace's identity provider; `secret` is sealed. `roles` maps values of `role_claim` to roles."""

    workspace_id: int
    issuer: str
    client_id: str
    secret: str
    label: str
    created_at: int
    enabled: bool = True
    role_claim: str | None = None
    roles: Mapping[str, str] = field(default_factory=dict)


class How(StrEnum):
    """How somebody whom the provider vouched for was found."""

    KNOWN = "known"  # linked before
    LINKED = "linked"  # by their verified e-mail address, just now
    JOINED = "joined"  # by an invitation to that address


@record
class Vouched:
    """The user a provider vouched for."""

    user: User
    how: How


def subject_of(issuer: str, subject: str) -> str:
    """What a user is linked to: a subject means nothing without who says it."""
    return f"{issuer} {subject}"
