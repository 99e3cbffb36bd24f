"""Bearer tokens: looked up by their digest, never compared as text."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

from gateway.core.caller import system
from gateway.core.commands.people import RecordTokenUse
from gateway.core.errors import Refused
from gateway.core.writer import Writer
from gateway.domain.people import User
from gateway.storage import credentials
from gateway.storage.database import Database, StorageUnavailable
from gateway.web.auth.recent import Recent
from gateway.web.auth.secret import TOKEN_PREFIX, digest_of

NOTED_EVERY: Final = 300.0
"""Seconds between two notes of a token's use: people ask whether it is still used, not when to the second."""
_MOST = 10_000
_LONGEST = 200


class TokenDoor:
    """Finds the user behind a token, and notes that it was used."""

    def __init__(
        self, database: Database, writer: Writer, recent: Recent[User], monotonic: Callable[[], float]
    ) -> None:
        self._database = database
        self._writer = writer
        self._recent = recent
        self._monotonic = monotonic
        self._noted: dict[int, float] = {}
        self._noting: set[asyncio.Task[None]] = set()

    async def find(self, secret: str) -> User | None:
        """The token's user with its present role; None when the token is unknown or revoked."""
        if not secret.startswith(TOKEN_PREFIX) or len(secret) > _LONGEST:
            return None
        user = await self.find_by_digest(digest_of(secret))
        if user is not None:
            self._note(user)
        return user

    async def find_by_digest(self, digest: str) -> User | None:
        """The same, for those who kept the digest alone; that is no use of it."""
        return await self._recent.find(
            digest, lambda: self._database.read(lambda session: credentials.user_of_token(session, digest))
        )

    def forget(self) -> None:
        """Settings changed, so a token may be revoked."""
        self._recent.forget()

    def _note(self, user: User) -> None:
        now = self._monotonic()
        if now - self._noted.get(user.id, -NOTED_EVERY) < NOTED_EVERY:
            return
        if len(self._noted) >= _MOST:
            self._noted.clear()
        self._noted[user.id] = now
        task = asyncio.create_task(self._record(user), name="token use")
        self._noting.add(task)  # the loop alone would let it be collected
        task.add_done_callback(self._noting.discard)

    async def _record(self, user: User) -> None:
        """Beside the request, which doesn't wait for it and doesn't fail with it."""
        with contextlib.suppress(Refused, StorageUnavailable):
            await self._writer.execute(RecordTokenUse(user.id), system(user.workspace_id))
