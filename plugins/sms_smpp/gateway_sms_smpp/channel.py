"""The SMPP channel: one account at one message centre, as the core sees it."""

import asyncio
import ssl
from collections.abc import Callable, Sequence
from typing import ClassVar

from gateway.sdk import (
    Channel,
    GatewayContext,
    Health,
    HealthState,
    Inbound,
    Outbound,
    Receipt,
    SendError,
    SendErrorKind,
    SenderView,
    SendResult,
    Sink,
    Unparsed,
)
from gateway.sdk.text import Capabilities, SenderKind
from gateway_sms_smpp.backoff import Backoff
from gateway_sms_smpp.binds import Account, Binds, StandingBind, roles
from gateway_sms_smpp.deliveries import Delivery
from gateway_sms_smpp.echoes import Echoes
from gateway_sms_smpp.failures import BindRefusedError, NotBoundError, SessionError, WindowFullError
from gateway_sms_smpp.incoming import Incoming
from gateway_sms_smpp.limits import Limits
from gateway_sms_smpp.memory import Memory
from gateway_sms_smpp.outgoing import (
    Accepted,
    Outcome,
    Submission,
    Unanswered,
    is_temporary,
    outcome,
    result_of,
    submissions,
    summary,
)
from gateway_sms_smpp.pdu import PduError, Status
from gateway_sms_smpp.receipt_ids import ReceiptIdForm, ReceiptIds
from gateway_sms_smpp.refusals import Refusal
from gateway_sms_smpp.repeats import Repeats
from gateway_sms_smpp.session import Session
from gateway_sms_smpp.settings import Settings as SmppSettings

_KINDS = frozenset({SenderKind.LONG_CODE, SenderKind.SHORT_CODE, SenderKind.TOLL_FREE, SenderKind.ALPHANUMERIC})

# Seconds before the parts a centre throttled are offered again, when others of the same message were accepted already.
_COMPLETION = (1.0, 2.0, 4.0)


class SmppChannel(Channel):
    """SMS over SMPP 3.4. `run` keeps the binds; `send` uses whichever stands, in the same process."""

    type: ClassVar[str] = "sms_smpp"
    label: ClassVar[str] = "SMS over SMPP"
    Settings = SmppSettings

    def __init__(
        self,
        context: GatewayContext,
        settings: SmppSettings,
        *,
        backoff: Callable[[], Backoff] | None = None,
        completion: Sequence[float] = _COMPLETION,
    ) -> None:
        super().__init__(context, settings)
        self._backoff = backoff or (lambda: Backoff(context.random))
        self._completion = completion
        self._style = settings.style
        self._ids = ReceiptIds(ReceiptIdForm(settings.receipt_id_form))
        self._echoes = Echoes()
        repeats = Repeats(context.clock, f"{context.gateway_id}-")
        self._memory = Memory(context.store, self._echoes, self._ids, repeats, context.clock, context.trace)
        self._incoming = Incoming(self._style.codings, self._ids, self._echoes, repeats)
        self._binds = Binds(())
        self._reported: Health | None = None

    def capabilities(self, sender: SenderView) -> Capabilities:
        """SMS both ways; an alphanumeric sender cannot be answered."""
        return Capabilities(
            inbound=sender.kind is not SenderKind.ALPHANUMERIC, outbound=True, sms=sender.kind in _KINDS
        )

    def account(self) -> str:
        """The account at its centre, whichever gateway binds to it; by its name where it has several hosts."""
        if self.settings.account:
            return f"smpp:{self.context.workspace_id}:{self.settings.account}"
        return f"smpp:{self.settings.system_id}@{self.settings.host}:{self.settings.port}"

    def send_deadline(self) -> float:
        """A turn in the window, an answer, and the parts that were throttled offered again: each has its own limit."""
        once = Limits().window_wait + float(self.settings.response_timeout)
        return once * 2 + sum(self._completion)

    async def reread(self, raw: bytes) -> Sequence[Inbound | Receipt | Unparsed]:
        """A PDU that could not be read, by this reader."""
        return (self._incoming.again(raw),)

    async def run(self, sink: Sink) -> None:
        """Keep the binds until cancelled."""

        async def handle(delivery: Delivery) -> int:
            await self._memory.begin_minute()
            item = self._incoming.item(delivery)
            await sink(item)
            self._incoming.stored(delivery)
            self._memory.noticed()
            self.context.trace("in", f"deliver_sm stored as {type(item).__name__.lower()}")
            return Status.ROK

        await self._memory.recall()
        account = self._account()
        self._binds = Binds(
            [
                StandingBind(account, role, self._backoff(), handle, self.context.trace, self._report)
                for _ in range(self.settings.binds)
                for role in roles(self.settings.bind)
            ]
        )
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._memory.run())
                group.create_task(self._binds.run())
        finally:
            self._binds = Binds(())

    async def send(self, outbound: Outbound) -> SendResult:
        """Submit every part through the window and wait for all answers.

        When a centre throttles some parts of a message after taking others, those are offered again for a while.
        """
        reference = self._echoes.remember(outbound.attempt, outbound.to)
        try:
            todo = submissions(outbound, self._style, reference, self.context.clock())
        except ValueError as error:
            self._memory.answered(outbound.attempt)
            raise SendError(SendErrorKind.REJECTED, _misfit(error)) from error
        self._memory.noticed()
        try:
            outcomes = await self._submit_all(todo)
        except BaseException:
            self._memory.abandoned(outbound.attempt)
            raise
        for result in outcomes:
            if isinstance(result, Accepted) and result.message_id:
                self._ids.issued(result.message_id)
        if any(isinstance(result, Unanswered) for result in outcomes):
            await self._memory.unanswered(outbound.attempt)
        else:
            self._memory.answered(outbound.attempt)
        return result_of(todo, outcomes)

    async def check(self) -> Health:
        """Ask a bound session for a sign of life, or bind once and unbind."""
        try:
            try:
                await self._binds.session().enquire()
            except NotBoundError:
                session = await self._account().open(roles(self.settings.bind)[0], _temporary, self.context.trace)
                await session.unbind()
        except (BindRefusedError, SessionError, PduError, OSError) as error:
            return Health(HealthState.DOWN, str(error))
        return Health(HealthState.OK)

    async def close(self) -> None:
        """Nothing is sent any more: what the next one must know is kept now, not a moment later."""
        await self._memory.keep()

    async def _submit_all(self, todo: Sequence[Submission]) -> Sequence[Outcome]:
        if len(todo) == 1:
            return [await self._submit_one(todo[0])]
        outcomes = await self._submit_each(todo, [None] * len(todo))
        for delay in self._completion:
            taken = any(isinstance(result, Accepted) for result in outcomes)
            if not taken or not any(map(is_temporary, outcomes)):
                break
            await asyncio.sleep(delay)
            outcomes = await self._submit_each(todo, outcomes)
        return outcomes

    async def _submit_one(self, submission: Submission) -> Outcome:
        try:
            return await self._submit(self._binds.session(), submission)
        except NotBoundError as error:
            return _not_sent(error)

    async def _submit_each(self, todo: Sequence[Submission], before: Sequence[Outcome | None]) -> Sequence[Outcome]:
        """Submit what is not settled yet, in order, all on one session."""
        try:
            session = self._binds.session()
        except NotBoundError as error:
            return [result or _not_sent(error) for result in before]

        async def settle(submission: Submission, result: Outcome | None) -> Outcome:
            return await self._submit(session, submission) if result is None or is_temporary(result) else result

        return await asyncio.gather(*map(settle, todo, before))

    async def _submit(self, session: Session, submission: Submission) -> Outcome:
        try:
            result: Outcome = outcome(await session.request(submission.request))
            self._adapt(session, result)
        except SessionError as error:
            result = Unanswered(str(error)) if error.left else _not_sent(error)
        except PduError as error:
            result = Refusal(SendErrorKind.REJECTED, _misfit(error), "")
        self.context.trace("out", f"submit_sm {summary(result)}")
        return result

    def _adapt(self, session: Session, result: Outcome) -> None:
        """One bind more slowly where its centre asks for that, and faster again with everything it takes."""
        if isinstance(result, Accepted):
            session.window.accepted()
        elif isinstance(result, Refusal) and result.kind is SendErrorKind.THROTTLED and not session.window.rests:
            session.window.throttled()
            self.context.trace("out", f"more slowly: {session.window.width} of {self.settings.window} at once")

    async def _report(self) -> None:
        health = self._binds.health()
        if health != self._reported:
            self._reported = health
            await self.context.report_health(health.state, health.reason)

    def _account(self) -> Account:
        chosen: SmppSettings = self.settings
        return Account(
            host=chosen.host,
            port=chosen.port,
            system_id=chosen.system_id,
            password=chosen.password,
            system_type=chosen.system_type,
            tls=ssl.create_default_context() if chosen.tls else None,
            limits=Limits(chosen.window, chosen.response_timeout, chosen.enquire_link),
            dial=self.context.dial_line,
        )


async def _temporary(delivery: Delivery) -> int:
    return Status.RX_T_APPN


def _not_sent(error: SessionError) -> Refusal:
    kind = SendErrorKind.THROTTLED if isinstance(error, WindowFullError) else SendErrorKind.UNAVAILABLE
    return Refusal(kind, str(error), "")


def _misfit(error: Exception) -> str:
    return f"The message does not fit into SMPP: {error}"
