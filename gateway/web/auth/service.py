"""Signing in and out, for the pages: what stands behind the login form, the invitation form and the account page."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import field, replace

from aiohttp import web

from gateway.core.caller import Caller, system
from gateway.core.commands.audit import RecordFailedSignIn
from gateway.core.commands.base import Command
from gateway.core.commands.people import ChangePassword
from gateway.core.directory import Directory
from gateway.core.errors import Refused
from gateway.core.writer import Writer
from gateway.domain.people import LoginSession, User
from gateway.domain.record import record
from gateway.domain.visibility import Viewer
from gateway.storage import credentials
from gateway.storage.database import Database, StorageUnavailable
from gateway.web import origin, problems
from gateway.web.auth.attempts import Attempts
from gateway.web.auth.invitations import Invitations
from gateway.web.auth.oidc import Oidc
from gateway.web.auth.oidc_sign_out import OidcSignOut
from gateway.web.auth.passwords import Passwords
from gateway.web.auth.sessions import SessionDoor
from gateway.web.auth.tokens import TokenDoor
from gateway.web.auth.two_factor import TwoFactor
from gateway.web.auth.workspaces import Workspaces
from gateway.web.guard import Signed, viewer_of
from gateway.web.rate import Rate

WRONG = "That e-mail address and password don't belong together."


@record(gc=True)
class Auth:
    """All doors. `sign_in` and its like answer with a `problems.Problem` where they refuse."""

    database: Database
    directory: Directory
    writer: Writer
    tokens: TokenDoor
    sessions: SessionDoor
    passwords: Passwords
    attempts: Attempts
    page_rate: Rate
    invitations: Invitations
    two_factor: TwoFactor
    oidc: Oidc
    provider_door: OidcSignOut
    workspaces: Workspaces
    telling: set[asyncio.Task[None]] = field(default_factory=set)

    async def viewers_of(self, credentials: Sequence[str]) -> list[Viewer | None]:
        """Who each credential (`Signed.credential`) stands for by now; None where it was revoked or has ended."""
        return [await self._viewer_of(credential) for credential in credentials]

    async def _viewer_of(self, credential: str) -> Viewer | None:
        kind, _, digest = credential.partition(" ")
        if kind == "token":
            user = await self.tokens.find_by_digest(digest)
        else:
            found = await self.sessions.find_by_digest(digest)
            user = found[0] if found and not await self.needs_enrolment(*found) else None
        return None if user is None else viewer_of(user)

    async def needs_enrolment(self, user: User, session: LoginSession) -> bool:
        """Whether the workspace asks for a second step that this person, who came by password, has not set up."""
        if user.two_factor or session.method != "password":
            return False
        view = await self.directory.get(user.workspace_id)
        return view.workspace.two_factor_required

    def forget(self) -> None:
        """Settings changed: ask the database again about every credential."""
        self.tokens.forget()
        self.sessions.forget()

    async def sign_in(self, request: web.Request, response: web.StreamResponse, email: str, password: str) -> bool:
        """Checks the password and puts a new session's cookie on `response`; False where a code is asked for next.

        Problem 422 with one sentence for an unknown e-mail and a wrong password alike, 429 after too many tries, 403
        for a request of another site.
        """
        origin.check_same_site(request)
        email = email.strip()[:320]
        address = origin.client_address(request)
        seconds = self.attempts.wait(email, address)
        if seconds is not None:
            raise problems.too_many(seconds, "Too many tries to sign in.")
        found = await self.database.read(lambda session: credentials.users_by_email(session, email.lower()))
        right = [one for one in found if await self._opens(one, password)]
        if not found:
            await self.passwords.matches(None, password)
        if not right:
            self.attempts.failed(email, address)
            for one in found:
                self.tell(RecordFailedSignIn(one.id, email), one.workspace_id, address)
            raise problems.invalid("password", WRONG, "wrong-password")
        self.attempts.succeeded(email, address)
        done = await self._go_on(request, response, right[0])
        for one in right[1:] if done else ():
            if not one.two_factor:
                await self.sessions.park(one, response, request.headers.get("User-Agent"), address)
        return done

    async def _opens(self, user: User, password: str) -> bool:
        """Whether it is this user's own password, and passwords count in their workspace: each was proven by itself."""
        right = await self.passwords.matches(user.password_hash, password)
        return right and (await self.directory.get(user.workspace_id)).workspace.password_login

    async def switch(
        self, request: web.Request, response: web.StreamResponse, signed: Signed, workspace_id: int
    ) -> bool:
        """Puts the session of another workspace into use, and the present one aside; False where there is none."""
        for user, secret in await self.sessions.parked(request.cookies):
            if user.workspace_id == workspace_id:
                self.sessions.put_cookie(response, secret)
                self.sessions.clear_cookie(response, self.sessions.parked_name(workspace_id))
                own = request.cookies.get(self.sessions.cookie_name, "")
                self.sessions.put_cookie(response, own, self.sessions.parked_name(signed.workspace_id))
                return True
        return False

    async def give_code(self, request: web.Request, response: web.StreamResponse, code: str) -> None:
        """The second step: a code, then a new session. Problem 401 for who is not half-way in, 422 for a wrong code."""
        origin.check_same_site(request)
        user = await self.two_factor.halfway(request)
        if user is None:
            raise problems.unauthorized("This took too long. Sign in again.")
        await self.two_factor.check(user, code, origin.client_address(request))
        self.two_factor.end_step(response)
        await self._begin(request, response, user)

    async def _go_on(self, request: web.Request, response: web.StreamResponse, user: User) -> bool:
        """A session, or the step before it. Whatever the browser was signed in as ends with the session alone."""
        if user.two_factor:
            self.two_factor.begin_step(response, user)
            return False
        await self._begin(request, response, user)
        return True

    async def begin_by_provider(self, request: web.Request, response: web.StreamResponse, user: User) -> None:
        """A session of who came through an identity provider, which asks for second steps itself."""
        await self._begin(request, response, user, "oidc")

    async def renew(self, request: web.Request, response: web.StreamResponse, user: User) -> None:
        """A new session in place of the one that asks, after something about signing in has changed."""
        await self._begin(request, response, user)

    async def confirm_password(self, signed: Signed, password: str, field: str = "password") -> None:
        """Asks who is signed in once more. Problem 422, or 429 after too many tries, from wherever they come."""
        who = f"user {signed.user.id}"
        seconds = self.attempts.wait(who, who)
        if seconds is not None:
            raise problems.too_many(seconds, "Too many wrong passwords.")
        if not await self.passwords.matches(signed.user.password_hash, password):
            self.attempts.failed(who, who)
            raise problems.invalid(field, "That is not your password.", "wrong-password")
        self.attempts.succeeded(who, who)

    async def _begin(
        self, request: web.Request, response: web.StreamResponse, user: User, method: str = "password"
    ) -> None:
        old, browser = request.cookies.get(self.sessions.cookie_name), request.headers.get("User-Agent")
        before = await self.sessions.find(old) if old else None
        if old and before and before[0].workspace_id != user.workspace_id and before[0].email == user.email:
            self.sessions.put_cookie(response, old, self.sessions.parked_name(before[0].workspace_id))
            old = None
        await self.sessions.start(user, response, old, browser, method, origin.client_address(request))

    def tell(self, command: Command[None], workspace_id: int, address: str) -> None:
        """Leaves a line in the audit trail beside the answer, which takes as long for those nobody knows."""
        task = asyncio.create_task(self._tell(command, replace(system(workspace_id), address=address)))
        self.telling.add(task)  # the loop alone would let it be collected
        task.add_done_callback(self.telling.discard)

    async def _tell(self, command: Command[None], caller: Caller) -> None:
        with contextlib.suppress(Refused, StorageUnavailable):
            await self.writer.execute(command, caller)

    async def sign_out(self, request: web.Request, response: web.StreamResponse) -> None:
        """Ends the sessions of this browser, those it could switch to too. Check the form first."""
        secret = request.cookies.get(self.sessions.cookie_name)
        for user, parked in await self.sessions.parked(request.cookies):
            await self.sessions.end(parked)
            self.sessions.clear_cookie(response, self.sessions.parked_name(user.workspace_id))
        if secret:
            await self.sessions.end(secret)
        self.sessions.clear_cookie(response)
        self.provider_door.clear(response)

    async def accept_invitation(
        self, request: web.Request, response: web.StreamResponse, secret: str, name: str, email: str, password: str
    ) -> bool:
        """Makes the user of a one-time link and signs them in; False where a code is asked for next.

        Problem 404 when the link no longer works.
        """
        origin.check_same_site(request)
        user = await self.invitations.accept(secret, name, email, password)
        return await self._go_on(request, response, user)

    async def change_password(self, signed: Signed, old: str, new: str) -> None:
        """A new password for the signed-in user; every other session of theirs ends."""
        await self.confirm_password(signed, old, "old")
        hashed = await self.passwords.hash(new)
        keep = signed.session.id if signed.session else None
        await self.writer.execute(ChangePassword(signed.user.id, hashed, keep), signed.caller)
        self.sessions.forget()
