"""The second step of signing in. Secrets arrive sealed, recovery codes as digests; codes were matched before."""

from gateway.core.commands.base import Command
from gateway.domain.record import record
from gateway.domain.second_factor import CodeVerdict, SecondFactor


@record
class BeginTwoFactor(Command[SecondFactor]):
    """A new secret, which counts once a code has confirmed it. One's own alone."""

    user_id: int
    secret: str


@record
class ConfirmTwoFactor(Command[None]):
    """The app has the secret: `step` is the period whose code it showed. Every session of the user ends."""

    user_id: int
    secret: str
    step: int
    recovery: tuple[str, ...]


@record
class TryCode(Command[CodeVerdict]):
    """A code that somebody typed: the period it belongs to, None for none, or the digest of a recovery code.

    Which of them it is, whether it was used before, and how many were wrong is decided in one place, in one order.
    """

    user_id: int
    step: int | None
    recovery: str


@record
class RenewRecoveryCodes(Command[None]):
    """Other codes; those until now work no longer. One's own alone."""

    user_id: int
    recovery: tuple[str, ...]


@record
class RemoveTwoFactor(Command[None]):
    """One's own, after password and code; refused where the workspace asks everybody for it."""

    user_id: int
    keep_session: int | None = None


@record
class ResetTwoFactor(Command[None]):
    """Somebody else's, by an administrator, when app and recovery codes are lost. Every session of theirs ends."""

    user_id: int
