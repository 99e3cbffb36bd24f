"""Browser sessions: a random cookie, a row on the server, and nothing a browser could change."""

from collections.abc import Callable
from dataclasses import replace

from aiohttp import web

from gateway.core.caller import system
from gateway.core.commands.people import EndSession, StartSession
from gateway.core.writer import Writer
from gateway.domain.people import LoginSession, User
from gateway.storage import credentials
from gateway.storage.database import Database
from gateway.web.auth.recent import Recent
from gateway.web.auth.secret import digest_of, new_secret

DAYS = 14
_DAY_MS = 86_400_000
_LONGEST = 200


class SessionDoor:
    """Begins, finds and ends sessions. `secure` is whether browsers come by https, as `__Host-` cookies demand."""

    def __init__(
        self,
        database: Database,
        writer: Writer,
        recent: Recent[tuple[User, LoginSession]],
        clock: Callable[[], int],
        random: Callable[[int], bytes],
        *,
        secure: bool,
    ) -> None:
        self._database = database
        self._writer = writer
        self._recent = recent
        self._clock = clock
        self._random = random
        self._secure = secure

    @property
    def secure(self) -> bool:
        """Whether browsers come by https alone."""
        return self._secure

    @property
    def cookie_name(self) -> str:
        """`__Host-` binds the cookie to this very host, by https only."""
        return "__Host-onethread" if self._secure else "onethread"

    async def find(self, secret: str) -> tuple[User, LoginSession] | None:
        """The user and the session of a cookie; None once it ended, expired, or its user was removed."""
        if len(secret) > _LONGEST:
            return None
        return await self.find_by_digest(digest_of(secret))

    async def find_by_digest(self, digest: str) -> tuple[User, LoginSession] | None:
        """The same, for those who kept the digest alone."""
        found = await self._recent.find(
            digest, lambda: self._database.read(lambda session: credentials.session_by_digest(session, digest))
        )
        return found if found is not None and found[1].expires_at > self._clock() else None

    async def start(
        self,
        user: User,
        response: web.StreamResponse,
        old_cookie: str | None = None,
        browser: str | None = None,
        method: str = "password",
        address: str | None = None,
    ) -> LoginSession:
        """A new session, with a new cookie on `response`; what the browser had before ends (no fixed sessions)."""
        if old_cookie:
            await self.end(old_cookie)
        secret = new_secret(self._random)
        expires_at = self._clock() + DAYS * _DAY_MS
        command = StartSession(user.id, digest_of(secret), new_secret(self._random), expires_at, browser, method)
        caller = replace(system(user.workspace_id), address=address)
        session = await self._writer.execute(command, caller)
        response.set_cookie(
            self.cookie_name,
            secret,
            max_age=DAYS * 86_400,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="Lax",
        )
        return session

    async def end(self, secret: str) -> None:
        """Sign out: the cookie is worth nothing from now on."""
        found = await self.find(secret)
        if found is not None:
            await self._writer.execute(EndSession(found[1].id), system(found[0].workspace_id))
            self._recent.forget()

    def clear_cookie(self, response: web.StreamResponse) -> None:
        """Take the cookie off the browser."""
        response.del_cookie(self.cookie_name, path="/", secure=self._secure, httponly=True, samesite="Lax")

    def forget(self) -> None:
        """Somebody's password, role or sessions changed."""
        self._recent.forget()
