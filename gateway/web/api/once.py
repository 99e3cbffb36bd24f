"""Idempotency-Key: the same POST again is answered as the first was, and changes nothing.

The key is stored in the transaction of the request's command, with the answer where it can be made of the result alone;
any other answer is stored right after it was made. Requests with one key that arrive together on this node wait for the
first. On another node they meet the stored key, and a conflict while its answer is still being made.
"""

import asyncio
import hashlib
import hmac
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from gateway.core.errors import invalid
from gateway.core.idempotency import Idempotency, Replayed
from gateway.storage.database import Conflict, Database
from gateway.storage.facts import IdempotencyKey
from gateway.storage.records import IDEMPOTENCY_KEYS
from gateway.web import problems
from gateway.web.auth.secret import written
from gateway.web.problems import Problem

LONGEST = 255
_SECRET = b"{the secret}"
_KEY = b"{the key}"

Answer = tuple[int, bytes]


@dataclass(slots=True)
class Once:
    """One request with a key; `answer_status` is what its success is answered with. A `question` is answered anew."""

    workspace_id: int
    user_id: int
    key: str
    digest: str
    answer_status: int
    _seed: bytes
    question: bool = False
    _taken: bool = field(default=False, init=False)
    _complete: bool = field(default=False, init=False)

    @property
    def secret(self) -> bytes:
        """32 bytes that only this server can make, the same for this request each time.

        A secret made of them can be shown again with the stored answer, which doesn't contain it.
        """
        words = f"{self.workspace_id} {self.user_id} {self.key} {self.digest}"
        return hmac.digest(self._seed, words.encode(), "sha256")

    def take(self, answer: Callable[[Any], Any] | None) -> Idempotency:
        """What the request's one command carries."""
        assert not self._taken, "a request has one command that its key is stored with"
        self._taken = True
        self._complete = answer is not None
        encode = msgspec.json.encode

        def render(result: Any) -> bytes:
            return b"" if answer is None else self.hide(encode(answer(result)))

        return Idempotency(self.key, self.digest, self.answer_status, render)

    @property
    def taken(self) -> bool:
        """Whether a command stored the key."""
        return self._taken

    @property
    def complete(self) -> bool:
        """Whether the answer is stored already."""
        return self._complete

    def hide(self, answer: bytes) -> bytes:
        """The answer without the secret in it, in whichever alphabet it is written."""
        return answer.replace(b64encode(self.secret), _KEY).replace(written(self.secret).encode(), _SECRET)

    def show(self, answer: bytes) -> bytes:
        """The answer as it was."""
        return answer.replace(_SECRET, written(self.secret).encode()).replace(_KEY, b64encode(self.secret))


class Answers:
    """The answers given to keys, and the requests under way on this node."""

    def __init__(self, database: Database, clock: Callable[[], int], seed: bytes) -> None:
        self._database = database
        self._clock = clock
        self._seed = seed
        self._running: dict[tuple[int, int, str], tuple[str, asyncio.Future[Answer]]] = {}

    def open(
        self,
        workspace_id: int,
        user_id: int,
        key: str,
        request: tuple[str, str, bytes],
        status: int,
        *,
        question: bool = False,
    ) -> Once:
        """A request with a key; `request` is its method, path and body. Refused when the key is unfit."""
        if not 0 < len(key) <= LONGEST or not key.isascii() or not key.isprintable():
            raise invalid("Idempotency-Key", f"A key has 1 to {LONGEST} printable ASCII characters.")
        method, path, body = request
        digest = hashlib.sha256(f"{method} {path}\n".encode() + body).hexdigest()
        return Once(workspace_id, user_id, key, digest, status, self._seed, question)

    async def run(self, once: Once, serve: Callable[[], Awaitable[Answer]]) -> Answer:
        """The stored answer, or the one of the request under way, or that of `serve`, which is then stored."""
        name = (once.workspace_id, once.user_id, once.key)
        known = self._running.get(name)
        if known is not None:
            if known[0] != once.digest:
                raise _reused()
            return await asyncio.shield(known[1])
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._running[name] = (once.digest, future)
        try:
            answer = await self._find(once) or await self._first(once, serve)
        except BaseException as error:
            future.set_exception(error if isinstance(error, Exception) else _in_progress())
            future.exception()  # nobody else may be waiting for it
            raise
        else:
            future.set_result(answer)
            return answer
        finally:
            del self._running[name]

    async def _first(self, once: Once, serve: Callable[[], Awaitable[Answer]]) -> Answer:
        status, body = await serve()
        if 200 <= status < 300 and not once.complete:
            await self._store(once, status, b"" if once.question else once.hide(body))
        return status, body

    async def _find(self, once: Once) -> Answer | None:
        found = await self._row(once)
        if found is None:
            return None
        if found.digest != once.digest:
            raise _reused()
        if once.question:
            return None
        if not found.answer and found.status != 204:
            raise _in_progress()
        return found.status, once.show(found.answer.encode())

    async def _row(self, once: Once) -> IdempotencyKey | None:
        rows = await self._database.read(
            lambda session: IDEMPOTENCY_KEYS.by(session, once.workspace_id, "key", [once.key])
        )
        return next((row for row in rows if row.user_id == once.user_id), None)

    async def _store(self, once: Once, status: int, body: bytes) -> None:
        if not once.taken:
            row = IdempotencyKey(
                once.workspace_id, once.user_id, once.key, once.digest, status, body.decode(), self._clock()
            )
            try:
                await self._database.write(lambda session: IDEMPOTENCY_KEYS.insert(session, [row]))
            except Conflict:
                return  # asked before, or another node answered the same question at the same time
            return
        before = await self._row(once)
        if before is not None:
            after = replace(before, status=status, answer=body.decode())
            await self._database.write(lambda session: IDEMPOTENCY_KEYS.update(session, [(before, after)]))


def replayed(once: Once, error: Replayed) -> Answer:
    """What the stored key says, met when the command itself was issued. Problem 409 while its answer is being made."""
    if not error.answer and error.status != 204:
        raise _in_progress()
    return error.status, once.show(error.answer)


def _reused() -> Problem:
    return problems.invalid(
        "Idempotency-Key", "This key was used for another request. Use a new one.", "idempotency-key-reused"
    )


def _in_progress() -> Problem:
    return Problem(
        409,
        "idempotency-key-in-progress",
        "The first request with this key was taken and is not answered yet.",
        headers={"Retry-After": "1"},
    )
