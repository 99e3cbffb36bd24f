"""Bearer tokens: looked up by their digest, never compared as text."""

from gateway.domain.people import User
from gateway.storage import credentials
from gateway.storage.database import Database
from gateway.web.auth.recent import Recent
from gateway.web.auth.secret import TOKEN_PREFIX, digest_of

_LONGEST = 200


class TokenDoor:
    """Finds the user behind a token."""

    def __init__(self, database: Database, recent: Recent[User]) -> None:
        self._database = database
        self._recent = recent

    async def find(self, secret: str) -> User | None:
        """The token's user with its present role; None when the token is unknown or revoked."""
        if not secret.startswith(TOKEN_PREFIX) or len(secret) > _LONGEST:
            return None
        return await self.find_by_digest(digest_of(secret))

    async def find_by_digest(self, digest: str) -> User | None:
        """The same, for those who kept the digest alone."""
        return await self._recent.find(
            digest, lambda: self._database.read(lambda session: credentials.user_of_token(session, digest))
        )

    def forget(self) -> None:
        """Settings changed, so a token may be revoked."""
        self._recent.forget()
