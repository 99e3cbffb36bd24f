"""Delivering to webhooks: in the order of the log, each webhook by itself, so that a slow one holds up no other.

What a webhook waits for stands in its deliveries. One row of work at a time goes through them from the oldest; a
delivery that fails holds the next ones back for its first three tries, and is then tried on its own while they go on.
"""

from collections.abc import Callable
from functools import partial

from gateway.core.caller import system
from gateway.core.commands.webhooks import GiveUpDelivery, RecordAttempt
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.ids import PREFIXES, format_id
from gateway.domain.model import Event, Work
from gateway.domain.record import record
from gateway.domain.webhooks import (
    OLDEST_MS,
    TEST,
    TRIES_IN_ORDER,
    DeliveryState,
    Webhook,
    WebhookDelivery,
    pause_after,
)
from gateway.host.pace import Pace
from gateway.host.secrets import SecretBox
from gateway.sdk.proof import signed_headers
from gateway.storage.database import Database
from gateway.storage.session import Session
from gateway.storage.webhook_reads import delivery, event_at, waiting, webhook
from gateway.workers.chores import ChoreFailed, Execute, require_awake
from gateway.workers.metrics import WorkMetrics
from gateway.workers.push import ViewOf
from gateway.workers.webhook_calls import Answer, Calls

AT_ONCE = 128
"""Webhooks that are served at the same time on a node."""

LOOK_AHEAD = 20
STRETCH_S = 5.0
"""A row of work goes on for so long, and one call more: well within its lease, and within what a stop waits for."""

BUSY_S = 2.0

BodyOf = Callable[[Session, WorkspaceView, WebhookDelivery, Event | None], bytes]
"""What a delivery says, made of how things are now."""


@record
class _Ready:
    """A delivery with all that its try needs."""

    hook: Webhook
    delivery: WebhookDelivery
    body: bytes


class WebhookDeliveries:
    """`secrets` opens what webhooks sign with."""

    def __init__(
        self,
        database: Database,
        execute: Execute,
        view_of: ViewOf,
        body_of: BodyOf,
        calls: Calls,
        secrets: SecretBox,
        metrics: WorkMetrics,
        pace: Pace,
    ) -> None:
        self._database = database
        self._execute = execute
        self._view_of = view_of
        self._body_of = body_of
        self._calls = calls
        self._secrets = secrets
        self._metrics = metrics
        self._pace = pace
        self._late: set[int] = set()

    async def go_through(self, work: Work) -> None:
        """What waits for the webhook that is the work's lane. Raises ChoreFailed to go on at a later time."""
        until = self._pace.monotonic() + STRETCH_S
        while True:
            read = partial(
                waiting, workspace_id=work.workspace_id, webhook_id=work.lane or 0, now=self._pace.clock(),
                limit=LOOK_AHEAD,
            )  # fmt: skip
            found = await self._database.read(read)
            if not found:
                return
            for one in found:
                if not await self._in_turn(one):
                    return
                if self._pace.monotonic() >= until:
                    raise ChoreFailed("There is more to deliver.", 0.0, counts=False)

    async def _in_turn(self, one: WebhookDelivery) -> bool:
        """Tries a delivery. False when its webhook is off: what waits for it keeps waiting."""
        if one.next_at is not None and one.in_order and one.next_at > self._pace.clock():
            raise ChoreFailed(one.error or "", (one.next_at - self._pace.clock()) / 1000, counts=False)
        ready = await self._ready(one)
        if ready is None:
            return False
        pause = await self._try(ready)
        if pause is not None and one.in_order and one.tries + 1 < TRIES_IN_ORDER:
            raise ChoreFailed("The endpoint did not take it.", pause, counts=False)
        return True

    async def again(self, work: Work) -> None:
        """One delivery that no other waits for: a later try, a replay, a test."""
        one = await self._database.read(
            partial(delivery, workspace_id=work.workspace_id, delivery_id=work.subject_id or 0)
        )
        if one is None or one.state is not DeliveryState.WAITING or (one.next_at or 0) > work.due_at:
            return
        if one.webhook_id in self._late:  # a webhook that hangs takes one place of this node
            raise ChoreFailed("Another delivery to this webhook is being tried.", BUSY_S, counts=False)
        self._late.add(one.webhook_id)
        try:
            ready = await self._ready(one)
            if ready is not None:
                await self._try(ready)
        finally:
            self._late.discard(one.webhook_id)

    async def _ready(self, one: WebhookDelivery) -> _Ready | None:
        """The delivery with what it says now; None when its webhook is off, or was removed."""
        view = await self._view_of(one.workspace_id)
        require_awake(view)

        def look(session: Session) -> _Ready | None:
            hook = webhook(session, one.workspace_id, one.webhook_id)
            if hook is None or not hook.enabled:
                return None
            event = event_at(session, one.workspace_id, one.position) if one.position else None
            return _Ready(hook, one, self._body_of(session, view, one, event))

        return await self._database.read(look)

    async def _try(self, ready: _Ready) -> float | None:
        """Posts it and records how that went; answers in how many seconds it is tried again, if it is."""
        one, hook = ready.delivery, ready.hook
        if one.tries == 0 and one.type != TEST and self._pace.clock() - one.since > OLDEST_MS:
            await self._execute(GiveUpDelivery(one.id, "It waited 24 hours for its turn."), system(one.workspace_id))
            return None
        name = format_id(PREFIXES["delivery"], one.id)
        headers = signed_headers(self._secrets_of(hook), name, self._pace.clock() // 1000, ready.body)
        answer = await self._calls.post(hook.url, headers, ready.body)
        self._metrics.webhook_attempts.labels(answer.outcome).inc()
        self._metrics.webhook_seconds.observe(answer.duration_ms / 1000)
        pause = self._pause(one, answer)
        await self._execute(
            RecordAttempt(
                webhook_id=hook.id,
                delivery_id=one.id,
                number=one.attempts + 1,
                at=answer.at,
                duration_ms=answer.duration_ms,
                status=answer.status,
                error=answer.error,
                answer=answer.text,
                retry_at=None if pause is None else self._pace.clock() + round(pause * 1000),
                gone=answer.gone,
                contact_id=one.contact_id,
            ),
            system(one.workspace_id),
        )
        return pause

    def _pause(self, one: WebhookDelivery, answer: Answer) -> float | None:
        if answer.error is None or answer.gone or one.type == TEST:
            return None
        pause = pause_after(one.tries + 1, self._pace.random())
        return None if pause is None else max(pause, answer.retry_after or 0.0)

    def _secrets_of(self, hook: Webhook) -> list[str]:
        """The one it has, and its former one as long as that signs too."""
        sealed = [hook.secret]
        if hook.previous_secret is not None and (hook.previous_until or 0) > self._pace.clock():
            sealed.append(hook.previous_secret)
        return [self._secrets.open(one) for one in sealed]
