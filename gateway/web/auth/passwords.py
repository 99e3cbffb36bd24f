"""Passwords as argon2id, 19 MiB and two passes, hashed beside the event loop."""

import asyncio
import unicodedata
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gateway.core.errors import invalid
from gateway.domain.record import record

MEMORY_KIB = 19 * 1024
PASSES = 2
SHORTEST = 10
LONGEST = 500
AT_ONCE = 2
"""Hashes under way at the same time: each takes its memory for 40 to 200 ms."""


@record
class Cost:
    """What one hash costs; tests take the least there is."""

    memory_kib: int = MEMORY_KIB
    passes: int = PASSES


@dataclass(slots=True)
class Passwords:
    """Hashes and checks. An unknown user costs as much time as a wrong password."""

    cost: Cost = field(default_factory=Cost)
    _hasher: PasswordHasher = field(init=False)
    _turns: asyncio.Semaphore = field(init=False)
    _nobody: str | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """One hasher, and so many turns at it."""
        self._hasher = PasswordHasher(time_cost=self.cost.passes, memory_cost=self.cost.memory_kib, parallelism=1)
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        """What to store. Refused when it is too short to be worth storing."""
        if not SHORTEST <= len(password) <= LONGEST:
            raise invalid("password", f"A password has {SHORTEST} to {LONGEST} characters.", "password-length")
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, _spelled(password))

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether it is the password; `stored` None (no such user, or no password yet) takes as long to say no."""
        if self._nobody is None:
            self._nobody = await asyncio.to_thread(self._hasher.hash, "nobody's password")
        async with self._turns:
            right = await asyncio.to_thread(self._verify, stored or self._nobody, password[: LONGEST + 1])
        return right and stored is not None

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, _spelled(password))
        except (VerificationError, InvalidHashError):
            return False


def _spelled(password: str) -> str:
    """One spelling of what people type, whatever keyboard composed it."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode()
