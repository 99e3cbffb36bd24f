"""Browser sessions: a random cookie, a row on the server, and nothing a browser could change."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from aiohttp import web

from gateway.core.caller import system
from gateway.core.commands.people import EndSession, StartSession
from gateway.core.writer import Writer
from gateway.domain.ids import format_id
from gateway.domain.people import LoginSession, User
from gateway.storage import credentials
from gateway.storage.database import Database
from gateway.web.auth.recent import Recent
from gateway.web.auth.secret import digest_of, new_secret

DAYS = 14
MOST_PARKED = 20
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
        self.put_cookie(response, secret)
        return session

    async def park(self, user: User, response: web.StreamResponse, browser: str | None, address: str | None) -> None:
        """A session beside the one that is in use, for another workspace that the same proof opens."""
        secret = new_secret(self._random)
        expires_at = self._clock() + DAYS * _DAY_MS
        command = StartSession(user.id, digest_of(secret), new_secret(self._random), expires_at, browser)
        await self._writer.execute(command, replace(system(user.workspace_id), address=address))
        self.put_cookie(response, secret, self.parked_name(user.workspace_id))

    def parked_name(self, workspace_id: int) -> str:
        """The cookie of a session that is signed in and not in use."""
        return f"{self.cookie_name}-{format_id('wsp', workspace_id)}"

    async def parked(self, cookies: Mapping[str, str]) -> list[tuple[User, str]]:
        """Whom this browser can switch to, with the secret of each; the oldest workspace first."""
        names = [name for name in cookies if name.startswith(f"{self.cookie_name}-wsp_")][:MOST_PARKED]
        found = [(await self.find(cookies[name]), name) for name in names]
        live = [(one[0], cookies[name]) for one, name in found if one and name == self.parked_name(one[0].workspace_id)]
        return sorted(live, key=lambda one: one[0].workspace_id)

    def put_cookie(self, response: web.StreamResponse, secret: str, name: str | None = None) -> None:
        """The cookie of a session."""
        response.set_cookie(
            name or self.cookie_name,
            secret,
            max_age=DAYS * 86_400,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="Lax",
        )

    async def end(self, secret: str) -> None:
        """Sign out: the cookie is worth nothing from now on."""
        found = await self.find(secret)
        if found is not None:
            await self._writer.execute(EndSession(found[1].id), system(found[0].workspace_id))
            self._recent.forget()

    def clear_cookie(self, response: web.StreamResponse, name: str | None = None) -> None:
        """Take the cookie off the browser."""
        response.del_cookie(name or self.cookie_name, path="/", secure=self._secure, httponly=True, samesite="Lax")

    def forget(self) -> None:
        """Somebody's password, role or sessions changed."""
        self._recent.forget()
