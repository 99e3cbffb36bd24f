"""The second step of signing in: codes of an authenticator app (TOTP, RFC 6238), and codes for the day it is lost."""

from gateway.domain.record import record

STEP_S = 30
RECOVERY_CODES = 10
WRONG_MOST = 5
"""Wrong codes within `WRONG_WINDOW`; a million codes and three of them right makes one guess in 60,000 a hit."""
WRONG_WINDOW = 15 * 60_000
ENROL_WITHIN = 15 * 60_000


@record
class SecondFactor:
    """A user's second factor; `secret` is sealed, `recovery` are SHA-256 of codes that each work once.

    `confirmed_at` is None until a first code has proved that the app has the secret. `last_step` is the newest period
    of 30 seconds whose code was used: it and older ones are refused. `wrong` counts bad codes since `wrong_since`.
    """

    workspace_id: int
    user_id: int
    secret: str
    created_at: int
    confirmed_at: int | None = None
    last_step: int = 0
    recovery: tuple[str, ...] = ()
    wrong: int = 0
    wrong_since: int = 0


@record
class CodeVerdict:
    """What became of a code: `accepted`, or not; `wait_until` is set where no more are looked at before then."""

    accepted: bool
    wait_until: int | None = None
    recovery_left: int = 0


def locked_until(factor: SecondFactor, now: int) -> int | None:
    """Until when no code is looked at, after too many wrong ones."""
    until = factor.wrong_since + WRONG_WINDOW
    return until if factor.wrong >= WRONG_MOST and now < until else None
