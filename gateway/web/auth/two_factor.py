"""The second step of signing in: setting it up, and asking for a code once the password was right.

Between the two a browser holds no session but a sealed note of who is half-way in, good for ten minutes and for as long
as the password stays the same.
"""

import base64
import hmac
import io
from collections.abc import Callable
from dataclasses import replace

import msgspec
import pyotp
from aiohttp import web
from markupsafe import Markup

from gateway.core.caller import system
from gateway.core.commands.two_factor import (
    BeginTwoFactor,
    ConfirmTwoFactor,
    RemoveTwoFactor,
    RenewRecoveryCodes,
    TryCode,
)
from gateway.core.writer import Writer
from gateway.domain.people import User
from gateway.domain.record import record
from gateway.domain.second_factor import RECOVERY_CODES, STEP_S, SecondFactor
from gateway.host.secrets import SecretBox, SecretsUnreadable
from gateway.storage import credentials
from gateway.storage.database import Database
from gateway.web import problems
from gateway.web.auth.secret import digest_of
from gateway.web.auth.sessions import SessionDoor
from gateway.web.guard import Signed

HALFWAY_S = 600
ISSUER = "Messenger"
WRONG_CODE = "That code is wrong, too old, or was used before. Wait for the next one."
_LONGEST = 4000
_SECRET_BYTES = 20  # 160 bits, as RFC 4226 recommends


class _Halfway(msgspec.Struct, frozen=True):
    """Whose password was right, when, and which password that was."""

    workspace_id: int
    user_id: int
    at: int
    password: str


@record
class Enrolment:
    """What an authenticator app needs: as a picture (SVG) and, for who can't scan it, as letters in groups of four."""

    picture: Markup
    letters: str


@record(gc=True)
class TwoFactor:
    """Sets up, checks and takes away second factors."""

    database: Database
    writer: Writer
    secrets: SecretBox
    sessions: SessionDoor
    clock: Callable[[], int]
    random: Callable[[int], bytes]

    @property
    def cookie_name(self) -> str:
        """The sealed note's cookie."""
        return f"{self.sessions.cookie_name}-code"

    def begin_step(self, response: web.StreamResponse, user: User) -> None:
        """The password was right; a code is asked for next."""
        note = _Halfway(user.workspace_id, user.id, self.clock(), _of_password(user))
        sealed = self.secrets.seal(msgspec.json.encode(note).decode())
        response.set_cookie(
            self.cookie_name,
            sealed,
            max_age=HALFWAY_S,
            path="/",
            secure=self.sessions.secure,
            httponly=True,
            samesite="Lax",
        )

    def end_step(self, response: web.StreamResponse) -> None:
        """Takes the note off the browser."""
        response.del_cookie(self.cookie_name, path="/", secure=self.sessions.secure, httponly=True, samesite="Lax")

    async def halfway(self, request: web.Request) -> User | None:
        """Who is half-way in, in this browser; None once it took too long, or something about them changed."""
        sealed = request.cookies.get(self.cookie_name, "")
        if not sealed or len(sealed) > _LONGEST:
            return None
        try:
            note = msgspec.json.decode(self.secrets.open(sealed), type=_Halfway)
        except (SecretsUnreadable, msgspec.DecodeError):
            return None
        if not 0 <= self.clock() - note.at <= HALFWAY_S * 1000:
            return None
        user = await self.database.read(lambda session: credentials.live_user(session, note.workspace_id, note.user_id))
        same = user is not None and hmac.compare_digest(_of_password(user), note.password)
        return user if user is not None and same and user.two_factor else None

    async def check(self, user: User, code: str, address: str | None = None) -> int:
        """Takes a code of the app or for recovery; how many of the latter are left. Problem 422, or 429 for a while."""
        factor = await self._factor(user)
        step = None if factor is None else self._step_of(factor, code)
        command = TryCode(user.id, step, _digest_of_recovery(code))
        verdict = await self.writer.execute(command, replace(system(user.workspace_id), address=address))
        if verdict.wait_until is not None:
            seconds = max(1, (verdict.wait_until - self.clock()) // 1000)
            raise problems.too_many(seconds, "Too many wrong codes.")
        if not verdict.accepted:
            raise problems.invalid("code", WRONG_CODE, "wrong-code")
        return verdict.recovery_left

    async def begin(self, signed: Signed) -> Enrolment:
        """A new secret; nothing asks for its codes before one of them was typed."""
        secret = base64.b32encode(self.random(_SECRET_BYTES)).decode()
        await self.writer.execute(BeginTwoFactor(signed.user.id, self.secrets.seal(secret)), signed.caller)
        return _enrolment(secret, signed.user)

    async def again(self, signed: Signed) -> Enrolment | None:
        """The secret that was begun with and waits for its first code."""
        factor = await self._factor(signed.user)
        if factor is None or factor.confirmed_at is not None:
            return None
        return _enrolment(self.secrets.open(factor.secret), signed.user)

    async def confirm(self, signed: Signed, code: str) -> tuple[str, ...]:
        """On from now on; the recovery codes, shown this once. Problem 422 for a wrong code."""
        factor = await self._factor(signed.user)
        step = None if factor is None else self._step_of(factor, code)
        if factor is None or step is None:
            raise problems.invalid("code", WRONG_CODE, "wrong-code")
        codes = self._new_codes()
        digests = tuple(_digest_of_recovery(one) for one in codes)
        await self.writer.execute(ConfirmTwoFactor(signed.user.id, factor.secret, step, digests), signed.caller)
        self.sessions.forget()
        return codes

    async def renew_codes(self, signed: Signed) -> tuple[str, ...]:
        """Other recovery codes, shown this once."""
        codes = self._new_codes()
        digests = tuple(_digest_of_recovery(one) for one in codes)
        await self.writer.execute(RenewRecoveryCodes(signed.user.id, digests), signed.caller)
        return codes

    async def remove(self, signed: Signed) -> None:
        """Off. The password and a code were checked before."""
        keep = signed.session.id if signed.session else None
        await self.writer.execute(RemoveTwoFactor(signed.user.id, keep), signed.caller)
        self.sessions.forget()

    async def recovery_left(self, user: User) -> int:
        """How many recovery codes still work."""
        factor = await self._factor(user)
        return len(factor.recovery) if factor else 0

    async def _factor(self, user: User) -> SecondFactor | None:
        return await self.database.read(
            lambda session: credentials.second_factor_of(session, user.workspace_id, user.id)
        )

    def _step_of(self, factor: SecondFactor, code: str) -> int | None:
        """The period whose code it is: this one, the one before or the one after, as clocks go apart."""
        typed = "".join(code.split())
        app = pyotp.TOTP(self.secrets.open(factor.secret), interval=STEP_S)
        now = self.clock() // 1000 // STEP_S
        steps = [step for step in (now - 1, now, now + 1) if pyotp.utils.strings_equal(app.generate_otp(step), typed)]
        return max(steps) if steps else None

    def _new_codes(self) -> tuple[str, ...]:
        """Eighty bits each: nobody guesses one, so their plain digests can be kept."""
        drawn = [base64.b32encode(self.random(10)).decode().lower() for _ in range(RECOVERY_CODES)]
        return tuple("-".join(one[at : at + 4] for at in range(0, 16, 4)) for one in drawn)


def _digest_of_recovery(code: str) -> str:
    return digest_of("".join(code.lower().replace("-", "").split())[:64])


def _of_password(user: User) -> str:
    return digest_of(user.password_hash or "")


def _enrolment(secret: str, user: User) -> Enrolment:
    uri = pyotp.TOTP(secret, interval=STEP_S).provisioning_uri(name=user.email or user.name, issuer_name=ISSUER)
    import segno  # noqa: PLC0415 - it comes with the first who is shown a code

    out = io.BytesIO()
    # Its own white ground and quiet zone: cameras read no light squares on a dark page.
    segno.make(uri, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, border=4, light="#fff", dark="#000", svgclass="qr",
        lineclass=None, omitsize=True,
    )  # fmt: skip
    letters = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return Enrolment(Markup(out.getvalue().decode()), letters)  # noqa: S704 - drawn here, of dots alone
