"""Our own Message-IDs: each carries the attempt it is, and a mark that shows it was made here.

A bounce, or a reply, brings it back, whatever became of the answer of the server that took the mail. Without the mark
anybody could report on messages of ours.
"""

import asyncio
import hmac
import re
import secrets
from hashlib import sha256

from gateway.sdk.context import Store
from gateway_email.addresses import ascii_domain, domain_of
from gateway_email.limits import FIELD_BYTES, REFERENCES

_KEY = "message-id-key"
_MARK = 20  # hexadecimal digits, 80 bits
_OURS = re.compile(rf"([A-Za-z0-9_]{{1,40}}-[0-9]{{1,19}})\.([0-9a-f]{{{_MARK}}})@([A-Za-z0-9.-]{{1,253}})")
_ANY = re.compile(r"<([^<>\s]{1,250})>")


class MessageIds:
    """Makes and recognises them; the key is the gateway's own, the same on every node."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._key = b""
        self._one_by_one = asyncio.Lock()

    async def open(self) -> None:
        """Reads the key, or makes it. Raises what the store raises."""
        async with self._one_by_one:
            if self._key:
                return
            if await self._store.get(_KEY) is None:
                await self._store.put(_KEY, secrets.token_hex(32))
            self._key = bytes.fromhex(await self._store.get(_KEY))

    def make(self, attempt: str, address: str) -> str:
        """The id of an attempt, without angle brackets, in the domain it is sent from."""
        return f"{attempt}.{self._mark(attempt)}@{ascii_domain(domain_of(address))}"

    def ours_in(self, text: str) -> tuple[str, str | None] | None:
        """The first id of that form in a text, with its attempt if it was made with this gateway's key."""
        form = None
        for found in _OURS.finditer(text):
            if hmac.compare_digest(found[2], self._mark(found[1])):
                return found[0], found[1]
            form = form or (found[0], None)
        return form

    def _mark(self, attempt: str) -> str:
        return hmac.new(self._key, attempt.encode(), sha256).hexdigest()[:_MARK]


def ids_in(value: str) -> list[str]:
    """The ids of a Message-ID, In-Reply-To or References header, in order, without angle brackets."""
    return _ANY.findall(value[:FIELD_BYTES])


def references(earlier: str, parent: str) -> list[str]:
    """What a reply refers back to: what its parent did, and the parent. The first stays, then the newest."""
    known = list(dict.fromkeys([*ids_in(earlier), *ids_in(f"<{parent}>")]))
    return known if len(known) <= REFERENCES else [known[0], *known[1 - REFERENCES :]]
