"""Invitations: a link that works once, for seven days."""

from collections.abc import Callable

from gateway.core.caller import Caller, system
from gateway.core.commands.people import AcceptInvitation, InviteUser
from gateway.core.decisions.invitations import works
from gateway.core.errors import not_found
from gateway.core.writer import Writer
from gateway.domain.people import Invitation, User
from gateway.domain.record import record
from gateway.domain.visibility import Role
from gateway.storage import credentials
from gateway.storage.database import Database
from gateway.web.auth.passwords import Passwords
from gateway.web.auth.secret import digest_of, new_secret, written
from gateway.web.state import Site

DAYS = 7
PATH = "/invitation/"
"""The page of a link: `/invitation/{secret}`. Its form asks for name, e-mail and a password."""


@record
class Invited:
    """An invitation and its link, which is shown once."""

    invitation: Invitation
    url: str


class Invitations:
    """Makes links and lets them be used."""

    def __init__(
        self,
        database: Database,
        writer: Writer,
        passwords: Passwords,
        site: Site,
        clock: Callable[[], int],
        random: Callable[[int], bytes],
    ) -> None:
        self._database = database
        self._writer = writer
        self._passwords = passwords
        self._site = site
        self._clock = clock
        self._random = random

    async def invite(
        self, caller: Caller, role: Role, email: str | None = None, random: bytes | None = None
    ) -> Invited:
        """A new link, of `random` bytes where they are given. Refused unless the caller may manage users."""
        secret = written(random) if random else new_secret(self._random)
        expires_at = self._clock() + DAYS * 86_400_000
        invitation = await self._writer.execute(InviteUser(role, digest_of(secret), expires_at, email), caller)
        return Invited(invitation, f"{self._site.public_url}{PATH}{secret}")

    async def find(self, secret: str) -> Invitation | None:
        """The invitation of a link that still works; None for one that was used, has expired, or never was."""
        digest = digest_of(secret)
        found = await self._database.read(lambda session: credentials.invitation_by_digest(session, digest))
        return found if found and works(found, self._clock()) else None

    async def accept(self, secret: str, name: str, email: str, password: str) -> User:
        """Use the link: makes the user. Refused (not found) when it no longer works; the writer decides a race."""
        invitation = await self.find(secret)
        if invitation is None:
            raise not_found("invitation")
        hashed = await self._passwords.hash(password)
        email = invitation.email or email.strip()
        command = AcceptInvitation(digest_of(secret), name.strip(), email, hashed, invitation.user_id)
        return await self._writer.execute(command, system(invitation.workspace_id))
