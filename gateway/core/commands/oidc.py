"""Signing in through an identity provider: set up, taken away, and somebody it vouched for."""

from collections.abc import Mapping
from dataclasses import field

from gateway.core.commands.base import UNCHANGED, Command
from gateway.domain.oidc import OidcSettings, Vouched
from gateway.domain.record import record
from gateway.domain.visibility import Role


@record
class SaveOidc(Command[OidcSettings]):
    """The workspace's provider, in whole; `secret` comes sealed, UNCHANGED keeps the one that is there."""

    issuer: str
    client_id: str
    label: str
    secret: str = UNCHANGED
    enabled: bool = True
    role_claim: str | None = None
    roles: Mapping[str, str] = field(default_factory=dict)


@record
class RemoveOidc(Command[None]):
    """No provider any more; passwords count again, where they did not."""


@record
class SignInByOidc(Command[Vouched]):
    """The provider's signed word was checked: who it is, and whether it verified the e-mail address.

    `role` is what its claims map to, None for what the user has.
    """

    issuer: str
    subject: str
    email: str | None
    email_verified: bool
    name: str
    role: Role | None = None
