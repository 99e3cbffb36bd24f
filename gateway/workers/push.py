"""Telling devices of new messages: first who, then each device on its own, so that a slow one holds up no other."""

import contextlib
from collections.abc import Awaitable, Callable
from functools import partial

import msgspec
import structlog

from gateway.core.alerts import alert_of, concerns
from gateway.core.caller import system
from gateway.core.commands.push import UnsubscribePush
from gateway.core.errors import Refused
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.ids import IdSource
from gateway.domain.model import Work
from gateway.domain.push import PushSubscription
from gateway.host.pace import Pace
from gateway.host.web_push import BadKeys, Receiver, Vapid, encrypt, one_time_key
from gateway.sdk.context import HttpClient
from gateway.sdk.errors import SendError
from gateway.storage.database import Database
from gateway.storage.push_reads import Arrival, arrival, device, devices, ended_sessions
from gateway.storage.records import WORK
from gateway.storage.session import Session
from gateway.storage.unread import unread_of
from gateway.workers.backoff import Backoff
from gateway.workers.chores import ChoreFailed, Execute

PUSH_TO = "push_to"
TRIES = Backoff(first_s=2.0, longest_s=300.0, attempts=6)
KEPT_S = 24 * 3_600
"""How long a push service keeps an alert for a device that is off."""

_GONE = frozenset({404, 410})
_LIMIT = 64 * 1024
_log = structlog.get_logger(__name__)

ViewOf = Callable[[int], Awaitable[WorkspaceView]]


class Pushes:
    """`random` gives that many unguessable octets."""

    def __init__(
        self,
        database: Database,
        execute: Execute,
        view_of: ViewOf,
        http: HttpClient,
        vapid: Vapid,
        ids: IdSource,
        pace: Pace,
        random: Callable[[int], bytes],
    ) -> None:
        self._database = database
        self._execute = execute
        self._view_of = view_of
        self._http = http
        self._vapid = vapid
        self._ids = ids
        self._pace = pace
        self._random = random

    async def fan_out(self, work: Work) -> None:
        """A row for each device whose user has not read the message. Devices that signed out are forgotten."""
        view = await self._view_of(work.workspace_id)
        read = partial(self._wanted, work=work, view=view)
        wanted, over = await self._database.read(read)
        for one in over:
            await self._forget(one)
        if wanted:
            now = self._pace.clock()
            rows = [
                Work(
                    work.workspace_id,
                    self._ids.next(),
                    PUSH_TO,
                    now,
                    now,
                    subject_id=work.subject_id,
                    data={"device": one.id},
                )
                for one in wanted
            ]
            await self._database.write(lambda session: WORK.insert(session, rows))

    async def tell(self, work: Work) -> None:
        """One device. Raises ChoreFailed when its push service may take it later."""
        view = await self._view_of(work.workspace_id)
        read = partial(self._still_wanted, work=work, view=view)
        found = await self._database.read(read)
        if found is None:
            return
        one, content = found
        try:
            body = encrypt(content, Receiver.read(one.p256dh, one.auth), one_time_key(), self._random(16))
        except BadKeys:
            await self._forget(one)
            return
        await self._post(one, body, topic=str(work.subject_id))

    async def give_up(self, work: Work) -> None:
        """Nobody needs to see that a device was off for a while."""
        _log.info("push given up", device=work.data.get("device"))

    async def _post(self, one: PushSubscription, body: bytes, topic: str) -> None:
        headers = {
            "Authorization": self._vapid.authorization(one.endpoint, self._pace.clock()),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEPT_S),
            "Urgency": "high",
            "Topic": topic,  # told twice, a device that is off is kept one alert for
        }
        try:
            answer = await self._http.request("POST", one.endpoint, headers=headers, body=body, limit=_LIMIT)
        except SendError as error:
            raise ChoreFailed(error.sentence) from error
        if answer.status in _GONE:
            await self._forget(one)
        elif answer.status == 429 or answer.status >= 500:
            raise ChoreFailed(
                f"The push service answers with status {answer.status}.",
                _retry_after(answer.headers.get("retry-after")),
            )
        elif answer.status >= 300:
            _log.warning("push refused", status=answer.status, device=one.id)

    async def _forget(self, one: PushSubscription) -> None:
        # Another message's row may have forgotten it first; this one has others to tell.
        with contextlib.suppress(Refused):
            await self._execute(UnsubscribePush(one.id), system(one.workspace_id))

    def _wanted(
        self, session: Session, work: Work, view: WorkspaceView
    ) -> tuple[list[PushSubscription], list[PushSubscription]]:
        """Devices to tell, and those that are signed out or whose user is gone."""
        found = arrival(session, work.workspace_id, work.subject_id or 0)
        known = devices(session, work.workspace_id)
        ended = ended_sessions(session, work.workspace_id, known, self._pace.clock())
        live = {user.id for user in view.live(view.users)}
        over = [one for one in known if one.session_id in ended or one.user_id not in live]
        if found is None:
            return [], over
        wanted = [one for one in known if one not in over and _unread(session, view, one, found)]
        return wanted, over

    def _still_wanted(self, session: Session, work: Work, view: WorkspaceView) -> tuple[PushSubscription, bytes] | None:
        """The device and what it is told, unless the message was read, or the device signed out, since."""
        one = device(session, work.workspace_id, int(work.data["device"]))
        found = arrival(session, work.workspace_id, work.subject_id or 0)
        if one is None or found is None or ended_sessions(session, work.workspace_id, [one], self._pace.clock()):
            return None
        unread = _unread(session, view, one, found)
        return (one, msgspec.json.encode(alert_of(found, unread))) if unread else None


def _unread(session: Session, view: WorkspaceView, one: PushSubscription, found: Arrival) -> int:
    """How many messages of the thread the device's user has not read; 0 where it is not theirs, or nobody gets in."""
    if view.workspace.suspended_at is not None:
        return 0
    user = view.users.get(one.user_id)
    if user is None or user.removed_at is not None or not concerns(view, user, found):
        return 0
    return unread_of(session, one.workspace_id, user.id, [found.thread.id]).get(found.thread.id, 0)


def _retry_after(text: str | None) -> float | None:
    return min(float(text), 3_600.0) if text and text.isascii() and text.isdigit() else None
