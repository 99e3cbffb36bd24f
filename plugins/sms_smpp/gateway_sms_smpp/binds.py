"""Binds that stand again by themselves, and the health they add up to."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from gateway.sdk import Health, HealthState
from gateway.sdk.context import Dial
from gateway_sms_smpp.backoff import Backoff
from gateway_sms_smpp.deliveries import Delivery
from gateway_sms_smpp.failures import BindRefusedError, NotBoundError, SessionError
from gateway_sms_smpp.limits import Limits
from gateway_sms_smpp.pdu import Bind, BindReceiver, BindTransceiver, BindTransmitter, PduError, Status
from gateway_sms_smpp.session import Session

# Seconds a connection may take to stand.
_CONNECT = 5.0

_CREDENTIALS = frozenset({Status.RINVPASWD, Status.RINVSYSID, Status.RBINDFAIL, Status.RINVSYSTYP})


@dataclass(frozen=True, slots=True)
class Account:
    """Where and as whom to bind. `dial` connects as far as the guard on addresses allows; private ones are lines."""

    host: str
    port: int
    system_id: str
    password: str
    system_type: str
    tls: ssl.SSLContext | None
    limits: Limits
    dial: Dial

    async def open(
        self,
        role: type[Bind],
        handle: Callable[[Delivery], Awaitable[int]],
        trace: Callable[[str, str], None],
    ) -> Session:
        """A bound session. Raises OSError, TimeoutError, BindRefusedError, SessionError and PduError."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(_CONNECT):
            dialled = await self.dial(self.host, self.port)
            try:
                _, session = await loop.create_connection(
                    lambda: Session(self.limits, handle, trace),
                    sock=dialled,
                    ssl=self.tls,
                    server_hostname=self.host if self.tls else None,
                )
            except BaseException:
                dialled.close()
                raise
        try:
            await session.bind(role(system_id=self.system_id, password=self.password, system_type=self.system_type))
        except BaseException:
            session.abort("The bind failed")
            raise
        return session


class StandingBind:
    """One bind of an account, bound again whenever it ends. `changed` is told of every change of `session`."""

    def __init__(
        self,
        account: Account,
        role: type[Bind],
        backoff: Backoff,
        handle: Callable[[Delivery], Awaitable[int]],
        trace: Callable[[str, str], None],
        changed: Callable[[], Awaitable[None]],
    ) -> None:
        self.role = role
        self.session: Session | None = None
        self.problem: str | None = None
        self._account = account
        self._backoff = backoff
        self._handle = handle
        self._trace = trace
        self._changed = changed

    @property
    def bound(self) -> bool:
        """Whether it carries traffic now."""
        return self.session is not None and self.session.bound

    async def run(self) -> None:
        """Stand until cancelled; then unbind."""
        while True:
            pause = await self._stand()
            await asyncio.sleep(pause)

    async def _stand(self) -> float:
        """Bind once and stay until it ends; seconds to wait before the next time."""
        try:
            self.session = await self._account.open(self.role, self._handle, self._trace)
        except BindRefusedError as error:
            await self._fell(str(error))
            return self._backoff.longest() if error.status in _CREDENTIALS else self._backoff.wait()
        except (OSError, SessionError, PduError) as error:
            await self._fell(_said(error, self._account))
            return self._backoff.wait()
        self.problem = None
        await self._changed()
        await self._stay(self.session)
        return self._backoff.wait()

    async def _stay(self, session: Session) -> None:
        loop = asyncio.get_running_loop()
        since = loop.time()
        try:
            reason = await session.wait_ended()
        except asyncio.CancelledError:
            await self._leave(session)
            raise
        self._backoff.lasted(loop.time() - since)
        self.session = None
        await self._fell(reason)

    async def _leave(self, session: Session) -> None:
        """Unbind in order, if what is on the wire is answered in time."""
        try:
            async with asyncio.timeout(self._account.limits.unbind_grace):
                await session.unbind()
        except TimeoutError:
            session.abort("The gateway was stopped")

    async def _fell(self, reason: str) -> None:
        self.problem = reason
        self._trace("in", f"{self.role.__name__}: {reason}")
        await self._changed()


class Binds:
    """All binds of a gateway."""

    def __init__(self, binds: Sequence[StandingBind]) -> None:
        self._binds = binds

    async def run(self) -> None:
        """Keep all of them until cancelled."""
        async with asyncio.TaskGroup() as group:
            for bind in self._binds:
                group.create_task(bind.run())

    def session(self) -> Session:
        """The bound session that takes messages and has most room, rather than one that rests. Raises NotBoundError."""
        ready = [
            bind.session
            for bind in self._binds
            if bind.session is not None and bind.session.bound and bind.role is not BindReceiver
        ]
        if not ready:
            raise NotBoundError(self._problem() or "The gateway is not bound to its message centre yet")
        return min(ready, key=lambda session: (session.window.rests, session.load / session.window.width))

    def health(self) -> Health:
        """OK when all stand, DOWN when none does."""
        standing = sum(bind.bound for bind in self._binds)
        if standing == len(self._binds):
            return Health(HealthState.OK)
        problem = self._problem() or "Binding"
        if standing == 0:
            return Health(HealthState.DOWN, problem)
        return Health(HealthState.DEGRADED, f"{standing} of {len(self._binds)} binds stand. {problem}")

    def _problem(self) -> str | None:
        return next((bind.problem for bind in self._binds if not bind.bound and bind.problem), None)


def roles(bind: str) -> tuple[type[Bind], ...]:
    """The binds that make up one `transceiver` or one `split` pair."""
    return (BindTransmitter, BindReceiver) if bind == "split" else (BindTransceiver,)


def _said(error: Exception, account: Account) -> str:
    if isinstance(error, SessionError | PduError):
        return str(error)
    where = f"{account.host}:{account.port}"
    if isinstance(error, TimeoutError):
        return f"No connection to {where} within {_CONNECT:g} s"
    return f"No connection to {where}: {error.strerror or error}" if isinstance(error, OSError) else str(error)
