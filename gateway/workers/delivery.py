"""One message on its way out: begin, call the provider, record. `sending` is durable before the first byte leaves."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import structlog

from gateway.core.caller import Caller, system
from gateway.core.commands.base import Command
from gateway.core.commands.messages import BeginSend, Dropped, RecordSendFailure, RecordSent
from gateway.core.commands.routing import MoveSend
from gateway.domain.ids import PREFIXES, format_id
from gateway.domain.model import Message, Work
from gateway.domain.settings import Gateway
from gateway.host.channels import Channels, ChannelUnavailable
from gateway.host.health import HealthReports
from gateway.host.pace import Pace
from gateway.sdk.channel import Channel, HealthState
from gateway.sdk.errors import SendErrorKind
from gateway.sdk.values import SendResult
from gateway.storage import work_queue
from gateway.storage.database import Conflict, Database, StorageUnavailable
from gateway.workers.answered import refer_back
from gateway.workers.attempt import Failure
from gateway.workers.backoff import PREPARING, SENDS, Backoff
from gateway.workers.flow import Flow
from gateway.workers.handover import Handover
from gateway.workers.metrics import WorkMetrics

NO_CHANNEL_S = 30.0
_RECORD_AGAIN_S = 0.5
_NOT_PREPARED = "It could not be prepared for sending, again and again. The log says why."

_log = structlog.get_logger(__name__)

Execute = Callable[[Command[Any], Caller], Awaitable[Any]]


class Delivery:
    """What the sender worker does with a row of work that it has claimed."""

    def __init__(
        self,
        execute: Execute,
        database: Database,
        channels: Channels,
        hand_over: Handover,
        health: HealthReports,
        metrics: WorkMetrics,
        pace: Pace,
        *,
        backoff: Backoff = SENDS,
    ) -> None:
        self._execute = execute
        self._database = database
        self._channels = channels
        self._hand_over = hand_over
        self._health = health
        self._metrics = metrics
        self._pace = pace
        self._backoff = backoff

    async def deliver(self, work: Work, flow: Flow) -> None:
        """Sends one message, whatever comes of it. Raises StorageUnavailable when it could not even begin."""
        assert work.gateway_id is not None, "a send has a gateway"
        try:
            async with self._channels.borrow(work.workspace_id, work.gateway_id) as channel:
                await self._through(channel, work, flow)
        except ChannelUnavailable as error:
            if not error.lasting or not await self.move(work, error.sentence):
                await self.postpone(work, NO_CHANNEL_S, error.sentence)

    async def move(self, work: Work, sentence: str) -> bool:
        """Gives what has not begun to another gateway that serves its sender; False where there is none."""
        moved: bool = await self._execute(MoveSend(work, sentence), system(work.workspace_id))
        if moved:
            self._metrics.failovers.inc()
        return moved

    def weight(self, work: Work, gateway: Gateway) -> float:
        """How many tokens of its gateway's rate a send takes: one for each part, or one where requests are counted."""
        channel = self._channels.registry.channel(gateway.plugin)
        return float(work.weight) if channel is None or channel.counts_parts else 1.0

    async def postpone(self, work: Work, seconds: float, reason: str | None) -> None:
        """Puts back what has not begun, without using up an attempt; its lane waits with it."""
        due_at = self._pace.clock() + round(seconds * 1000)
        again = partial(work_queue.retry_later, row=work, due_at=due_at, error=reason, count_attempt=False)
        await self._database.write(again)

    async def _through(self, channel: Channel, work: Work, flow: Flow) -> None:
        assert work.subject_id is not None, "a send is about a message"
        message = format_id(PREFIXES["message"], work.subject_id)
        # A provider that recognises attempts must see the same one again; elsewhere each try has a name of its own.
        attempt = f"{message}-{0 if channel.idempotent else work.lease_epoch}"
        try:
            begun = await self._execute(BeginSend(work, attempt), system(work.workspace_id))
        except (StorageUnavailable, Conflict):
            raise
        except Exception as error:  # noqa: BLE001  a fault of ours, and nothing has left
            await self._not_prepared(work, error)
            return
        if isinstance(begun, Dropped):
            self._metrics.sends.labels(channel.type, begun.code).inc()
            return
        started = self._pace.monotonic()
        begun = await refer_back(self._database, channel, begun, work)
        outcome = await self._hand_over(channel, begun)
        self._metrics.send_seconds.labels(channel.type).observe(self._pace.monotonic() - started)
        if isinstance(outcome, SendResult):
            self._metrics.sends.labels(channel.type, "sent").inc()
            await self._record(RecordSent(work, attempt, channel.account(), outcome), work)
            await self._well(work, flow)
        else:
            self._metrics.sends.labels(channel.type, str(outcome.kind)).inc()
            await self._record(await self._judge(outcome, channel, work, flow), work)

    async def _not_prepared(self, work: Work, error: Exception) -> None:
        """Tries again for some minutes; then the message has failed, and a person may send it again."""
        _log.error("send not prepared", work=work.id, exc_info=error)
        failures = work.attempts + 1
        if not PREPARING.exhausted(failures):
            due_at = self._pace.clock() + round(PREPARING.pause(failures, self._pace) * 1000)
            again = partial(work_queue.retry_later, row=work, due_at=due_at, error=f"{type(error).__name__}")
            await self._database.write(again)
            return
        self._metrics.sends.labels("unknown", "not-prepared").inc()
        try:
            await self._record(RecordSendFailure(work, SendErrorKind.UNAVAILABLE, _NOT_PREPARED), work)
        except Exception:  # noqa: BLE001  not even that can be decided: it is put aside, where people look
            _log.exception("send put aside", work=work.id)
            await self._database.write(partial(work_queue.park, row=work, error=_NOT_PREPARED))

    async def _judge(self, failure: Failure, channel: Channel, work: Work, flow: Flow) -> RecordSendFailure:
        """What a failure means for the message, and for what its gateway is used for next."""
        now = self._pace.monotonic()
        kind, wait, counts = failure.kind, None, True
        match failure.kind:
            case SendErrorKind.THROTTLED:
                wait, counts = flow.throttled(now, failure.retry_after), False
                wait = max(wait, failure.retry_after or 0.0)
            case SendErrorKind.MISCONFIGURED:
                wait, counts = flow.misconfigured(now), False
                await self._unwell(work, flow, failure.sentence)
            case SendErrorKind.UNAVAILABLE:
                failures = work.attempts + 1
                if self._backoff.exhausted(failures):
                    kind = SendErrorKind.UNCERTAIN if failure.unknown else kind
                else:
                    wait = max(self._backoff.pause(failures, self._pace), failure.retry_after or 0.0)
                await self._unreached(channel, work, flow, failure.sentence)
            case SendErrorKind.UNCERTAIN:  # one that answers nothing would make all that waits uncertain
                await self._unreached(channel, work, flow, failure.sentence)
            case SendErrorKind.DEFERRED:
                failures = work.attempts + 1
                if not self._backoff.exhausted(failures):
                    wait = max(self._backoff.pause(failures, self._pace), failure.retry_after or 0.0)
                await self._well(work, flow)
            case _:
                await self._well(work, flow)  # the provider is there, and said no
        retry_at = None if wait is None else self._pace.clock() + round(wait * 1000)
        code = failure.provider_code
        return RecordSendFailure(work, kind, failure.sentence, code, retry_at, counts, failure.unknown)

    async def _record(self, command: RecordSent | RecordSendFailure, work: Work) -> None:
        """Until it is stored: only this process knows what the provider said. If it dies first, that is uncertain."""
        while True:
            try:
                message: Message | None = await self._execute(command, system(work.workspace_id))
            except StorageUnavailable:
                _log.warning("outcome of a send waits for the database", work=work.id)
                await self._pace.sleep(_RECORD_AGAIN_S)
            else:
                break
        if message is not None and message.gateway_id != work.gateway_id:
            self._metrics.failovers.inc()

    async def _unreached(self, channel: Channel, work: Work, flow: Flow, sentence: str) -> None:
        if flow.unreachable(self._pace.monotonic()):
            self._metrics.breaker_openings.labels(channel.type).inc()
            await self._unwell(work, flow, sentence)

    async def _well(self, work: Work, flow: Flow) -> None:
        flow.succeeded(self._pace.monotonic())
        if flow.reported_down:
            flow.reported_down = False
            await self._health.report(work.workspace_id, work.gateway_id or 0, HealthState.OK, afresh=True)

    async def _unwell(self, work: Work, flow: Flow, sentence: str) -> None:
        flow.reported_down = True
        await self._health.report(work.workspace_id, work.gateway_id or 0, HealthState.DOWN, sentence, afresh=True)
