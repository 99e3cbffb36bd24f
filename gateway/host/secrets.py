"""Sealing secret settings: Fernet (AES-128-CBC and HMAC-SHA256), with keys that can be changed without downtime."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

KEY_FILE = "secret.key"


class SecretsUnreadable(Exception):
    """The key that sealed something is not among those given."""


class SecretBox:
    """Seals with the first key, opens with any of them."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("a secret box needs at least one key")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise ValueError(
                "ONETHREAD_SECRET_KEY must be one or more keys of 32 random bytes in URL-safe base64, separated by "
                "commas, the newest first. `head -c32 /dev/urandom | base64 | tr +/ -_` makes one."
            ) from error

    def seal(self, text: str) -> str:
        """Unreadable without a key, and safe to store."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """What was sealed. Raises SecretsUnreadable."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise SecretsUnreadable(
                "A secret was sealed with a key that is not here. Put the old key into ONETHREAD_SECRET_KEY, "
                "after the new one, or enter the secret again."
            ) from error

    def rotate(self, sealed: str) -> str:
        """The same secret, sealed anew with the first key. Raises SecretsUnreadable."""
        return self.seal(self.open(sealed))


def load_secret_box(folder: Path, configured: str | None) -> SecretBox:
    """The box of `configured` (the value of ONETHREAD_SECRET_KEY), else of a key file in the data folder.

    The file is made at the first start, readable by its owner only. Raises ValueError with a sentence for people.
    """
    if configured:
        return SecretBox([key.strip() for key in configured.split(",") if key.strip()])
    path = folder / KEY_FILE
    if not path.exists():
        _make_key(path)
    keys = path.read_text(encoding="ascii").split()
    if not keys:
        raise ValueError(f"{path} is empty: put the secret key back into it")
    return SecretBox(keys)


def _make_key(path: Path) -> None:
    """Whole or not at all, and once: of two processes that start together, one makes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(Fernet.generate_key() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
