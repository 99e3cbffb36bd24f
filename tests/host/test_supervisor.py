"""Binds run under leases, on one node, restarted when they end; channels follow their settings."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest

from gateway.domain.model import Message
from gateway.domain.sender import Capabilities
from gateway.domain.settings import GatewayHealth
from gateway.host.channels import ChannelUnavailable
from gateway.host.supervisor import Supervisor
from gateway.host.tenure import Tenure
from gateway.sdk import Channel, HealthState, Inbound, Outbound, SenderView, SendResult, Sink, secret, setting
from gateway.storage import leases
from gateway.storage.database import StorageUnavailable
from tests.host.parts import Host, Moment, running_host, until


@dataclass(frozen=True, slots=True)
class Settings:
    host: str = setting("centre.example")
    password: str = secret("")


class Bind(Channel):
    """A long-lived channel; the test decides what its `run` does."""

    type: ClassVar[str] = "bind"
    label: ClassVar[str] = "Bind"
    Settings = Settings
    made: ClassVar[list["Bind"]] = []
    behaviour: ClassVar[Callable[["Bind", Sink], Any] | None] = None

    def __init__(self, context: Any, settings: Any) -> None:
        super().__init__(context, settings)
        if settings.host == "broken":
            raise ZeroDivisionError
        self.running = 0
        self.closed = False
        self.made.append(self)

    def capabilities(self, sender: SenderView) -> Capabilities:
        return Capabilities(sms=True)

    async def send(self, outbound: Outbound) -> SendResult:
        raise AssertionError("nothing is sent here")

    async def run(self, sink: Sink) -> None:
        self.running += 1
        try:
            behaviour = type(self).behaviour
            if behaviour is not None:
                await behaviour(self, sink)
            else:
                await asyncio.Event().wait()
        finally:
            self.running -= 1

    async def close(self) -> None:
        self.closed = True


@pytest.fixture
async def host(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Host]:
    channel: type[Bind] = type("Bind", (Bind,), {"made": [], "behaviour": None})
    async with running_host(sqlite_url, tmp_path, channel) as host:
        yield host


def binds(host: Host) -> list[Bind]:
    found = host.registry.channel("bind")
    assert found is not None
    assert issubclass(found, Bind)
    return found.made


def behave(host: Host, behaviour: Any) -> None:
    host.registry.channels["bind"].item.behaviour = staticmethod(behaviour)  # type: ignore[attr-defined]


def supervisor(host: Host, node: str = "node", moment: Moment | None = None) -> Supervisor:
    moment = moment or Moment()

    async def sleep(seconds: float) -> None:
        moment.slept.append(seconds)
        await asyncio.sleep(0.002)  # renewals go on for as long as the test does

    def tenure_for(name: str) -> Tenure:
        return Tenure(host.core.database, name, node, sleep=sleep)

    return Supervisor(
        host.channels, host.views, tenure_for, host.intake.sink_for, host.health, host.metrics, moment.pace()
    )


async def health(host: Host) -> tuple[str, str | None] | None:
    found = await host.core.all(GatewayHealth)
    return (found[0].state, found[0].reason) if found else None


async def test_a_bind_runs_and_what_it_receives_is_stored(host: Host) -> None:
    stored = asyncio.Event()

    async def behaviour(bind: Bind, sink: Sink) -> None:
        await bind.context.report_health(HealthState.OK, None)
        await sink(Inbound("+14155550148", "+14155550132", "Hi", "1"))
        stored.set()
        await asyncio.Event().wait()

    behave(host, behaviour)
    watching = supervisor(host)
    await watching.look()
    await stored.wait()
    assert [message.body for message in await host.core.all(Message)] == ["Hi"]
    assert await health(host) == ("ok", None)
    assert watching.may_send(await host.gateway())
    await watching.stop()
    assert binds(host)[0].running == 0
    assert await host.core.database.read(leases.held) == []


async def test_two_nodes_run_one_bind_and_the_second_takes_over(host: Host) -> None:
    one, other = supervisor(host, "one"), supervisor(host, "other")
    gateway = await host.gateway()
    await one.look()
    await until(lambda: one.runs_here(gateway.id) and binds(host) and binds(host)[0].running)
    await other.look()
    assert (one.may_send(gateway), other.may_send(gateway)) == (True, False)
    await one.stop()
    await until(lambda: other.runs_here(gateway.id) and binds(host)[-1].running)
    await other.stop()


async def test_what_only_listens_on_one_node_sends_from_every_node(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Bind, "sends_anywhere", True)
    one, other = supervisor(host, "one"), supervisor(host, "other")
    gateway = await host.gateway()
    await one.look()
    await until(lambda: one.runs_here(gateway.id))
    await other.look()
    assert not other.runs_here(gateway.id)
    assert (one.may_send(gateway), other.may_send(gateway)) == (True, True)
    await one.stop()
    await other.stop()


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RuntimeError("no route"), "It ended: no route"),
        (SystemExit(), "It ended: SystemExit"),
        (None, "It ended by itself."),
    ],
)
async def test_one_that_ends_is_started_again_with_growing_pauses(
    host: Host, error: BaseException | None, reason: str
) -> None:
    starts = 0

    async def behaviour(bind: Bind, sink: Sink) -> None:
        nonlocal starts
        starts += 1
        if starts >= 5:
            await asyncio.Event().wait()
        if error is not None:
            raise error

    behave(host, behaviour)
    moment = Moment()
    watching = supervisor(host, moment=moment)
    await watching.look()
    await until(lambda: starts == 5)
    assert [one for one in moment.slept if one in (1.0, 2.0, 4.0, 8.0)] == [1.0, 2.0, 4.0, 8.0]
    assert await health(host) == ("down", reason)
    assert host.measured("onethread_channel_restarts_total", plugin="bind") == 4
    await watching.stop()


async def test_new_settings_mean_a_new_channel_and_the_old_one_is_closed(host: Host) -> None:
    watching = supervisor(host)
    await watching.look()
    await until(lambda: binds(host) and binds(host)[0].running)
    await host.configure(settings={"host": "other.example"})
    await until_settled(watching, lambda: len(binds(host)) == 2 and bool(binds(host)[1].running))
    assert binds(host)[0].running == 0
    await until(lambda: binds(host)[0].closed)
    await host.configure(paused=True)
    await watching.look()
    assert binds(host)[1].running == 1, "a paused gateway goes on receiving"
    assert not watching.may_send(await host.gateway())
    await host.configure(enabled=False)
    await until_settled(watching, lambda: binds(host)[1].running == 0)
    await watching.stop()


async def until_settled(watching: Supervisor, condition: Callable[[], bool]) -> None:
    async def look() -> bool:
        await watching.look()
        return condition()

    await until(look)


async def test_a_lease_lost_to_another_ends_the_bind(host: Host) -> None:
    watching = supervisor(host)
    gateway = await host.gateway()
    await watching.look()
    await until(lambda: binds(host) and binds(host)[0].running)

    def steal(session: Any) -> None:
        (lease,) = leases.held(session)
        leases.release(session, lease)
        assert leases.acquire(session, lease.name, "thief", 60_000) is not None

    await host.core.database.write(steal)
    await until(lambda: not binds(host)[0].running)
    assert not watching.runs_here(gateway.id)
    await watching.stop()


async def test_a_bind_stays_while_the_database_is_away(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    watching = supervisor(host)
    await watching.look()
    await until(lambda: binds(host) and binds(host)[0].running)
    tries = 0

    async def away(function: Any) -> Any:
        nonlocal tries
        tries += 1
        raise StorageUnavailable("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(host.core.database, "write", away)
        await until(lambda: tries > 3)
        assert binds(host)[0].running == 1
    await watching.stop()
    assert len(binds(host)) == 1


async def test_a_channel_that_cannot_be_made_is_down_with_the_reason(host: Host) -> None:
    await host.configure(settings={"host": "broken"})
    gateway = await host.gateway()
    with pytest.raises(ChannelUnavailable, match="can't work with these settings"):
        async with host.channels.borrow(gateway.workspace_id, gateway.id):
            pass
    assert await health(host) == ("down", "The plugin bind can't work with these settings.")
    await host.configure(settings={"host": "centre.example"})
    async with host.channels.borrow(gateway.workspace_id, gateway.id) as channel:
        assert channel.settings.host == "centre.example"


async def test_a_borrowed_channel_is_closed_when_its_last_send_is_done(host: Host) -> None:
    gateway = await host.gateway()
    async with host.channels.borrow(gateway.workspace_id, gateway.id) as first:
        await host.configure(settings={"host": "other.example"})
        async with host.channels.borrow(gateway.workspace_id, gateway.id) as second:
            assert first is not second
            assert not binds(host)[0].closed
    await until(lambda: binds(host)[0].closed)
    assert not binds(host)[1].closed


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (None, (HealthState.OK, None)),
        (OSError("no route"), (HealthState.DOWN, "no route")),
        (SystemExit(1), (HealthState.DOWN, "1")),
    ],
)
async def test_the_test_button(host: Host, check: BaseException | None, said: tuple[str, str | None]) -> None:
    gateway = await host.gateway()

    async def ask() -> Any:
        if check is not None:
            raise check
        return await Channel.check(binds(host)[0])

    async with host.channels.borrow(gateway.workspace_id, gateway.id) as channel:
        channel.check = ask  # type: ignore[method-assign]
    found = await host.channels.check(gateway.workspace_id, gateway.id)
    assert (found.state, found.reason) == said


async def test_health_that_could_not_be_stored_is_told_later(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = await host.gateway()

    async def away(*_: Any, **__: Any) -> Any:
        raise StorageUnavailable("locked")

    with monkeypatch.context() as patch:
        patch.setattr(host.core.writer, "execute", away)
        await host.health.report(gateway.workspace_id, gateway.id, "down", "No route.")
    assert await health(host) is None
    await host.health.flush()
    assert await health(host) == ("down", "No route.")
