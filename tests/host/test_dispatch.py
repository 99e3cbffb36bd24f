"""A plugin that raises, hangs, ignores cancellation or blocks is named, measured, and harms only itself."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from gateway.core.errors import conflict
from gateway.domain.nature import Nature
from gateway.domain.sender import SenderKind
from gateway.host.decide import DecideHooks, Decider
from gateway.host.dispatch import Dispatcher, HookFailed
from gateway.host.faults import Faults
from gateway.host.manager import Plugins
from gateway.host.metrics import HostMetrics
from gateway.host.watchdog import Watchdog
from gateway.sdk.decisions import InboundView, MessageRefused, OutboundView, SenderVote
from gateway.sdk.errors import ActionRefused
from gateway.sdk.events import EventView
from gateway.sdk.values import SenderView
from tests.host.parts import Moment, make_plugin, make_plugins, until

EVENT = EventView(1, 7, "message_sent", 0, None, None, None, None, "system", None, {})
INBOUND = InboundView(1, 2, "+14155550148", "+14155550100", "sms", "Hi")
OUTBOUND = OutboundView(1, "+14155550148", "sms", "Hi", Nature.NATURAL, None, "user:1")
SENDER = SenderView(1, SenderKind.LONG_CODE, "+14155550100")


@pytest.fixture
def dispatching(metrics: HostMetrics, faults: Faults, moment: Moment) -> Callable[[Plugins], Dispatcher]:
    def make(plugins: Plugins) -> Dispatcher:
        return Dispatcher(plugins, lambda *_: None, faults, metrics, moment, deadline_s=0.02)  # type: ignore[arg-type]

    return make


def event_plugin(name: str, do: Callable[[], Any]) -> Any:
    async def message_sent(event: Any) -> None:
        await do()

    return make_plugin(name, message_sent)


def raising(error: BaseException) -> Callable[[], Any]:
    async def do() -> None:
        raise error

    return do


async def hang() -> None:
    await asyncio.Event().wait()


async def cling() -> None:
    while True:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if done.is_set():
                raise


done = threading.Event()


@pytest.mark.parametrize(
    ("do", "said"),
    [
        (raising(RuntimeError("x")), "message_sent of the plugin shop failed: RuntimeError."),
        (raising(SystemExit(1)), "message_sent of the plugin shop failed: SystemExit."),
        (raising(KeyboardInterrupt()), "message_sent of the plugin shop failed: KeyboardInterrupt."),
        (raising(asyncio.CancelledError()), "message_sent of the plugin shop failed: Raised."),
        (hang, "message_sent of the plugin shop took longer than 0.02 s."),
    ],
)
async def test_a_fault_is_said_with_the_plugins_name(
    dispatching: Callable[[Plugins], Dispatcher], do: Callable[[], Any], said: str
) -> None:
    told: list[str] = []

    async def note() -> None:
        told.append("good")

    dispatcher = dispatching(make_plugins(event_plugin("shop", do), event_plugin("good", note)))
    with pytest.raises(HookFailed) as caught:
        await dispatcher.tell("shop", "message_sent", EVENT)
    assert caught.value.sentence == said
    await dispatcher.tell("good", "message_sent", EVENT)
    assert told == ["good"]


async def test_who_is_told_of_what(dispatching: Callable[[Plugins], Dispatcher]) -> None:
    async def any_event(event: Any) -> None:
        pass

    dispatcher = dispatching(make_plugins(make_plugin("audit", any_event), event_plugin("shop", hang)))
    assert dispatcher.listeners("message_sent") == (("shop", "message_sent"), ("audit", "any_event"))
    assert dispatcher.listeners("note_added") == (("audit", "any_event"),)
    await dispatcher.tell("gone", "message_sent", EVENT)


@pytest.mark.parametrize("error", [conflict("being-asked", "Asked already."), ActionRefused("Nobody to ask.")])
async def test_a_command_that_was_refused_is_no_fault_and_not_tried_again(
    dispatching: Callable[[Plugins], Dispatcher], faults: Faults, error: Exception
) -> None:
    """Contacts who answer and then opt out can't disable whoever would have asked them more."""
    dispatcher = dispatching(make_plugins(event_plugin("shop", raising(error))))
    for _ in range(20):
        await dispatcher.tell("shop", "message_sent", EVENT)
    assert not faults.is_disabled("shop")


async def test_repeated_faults_disable_for_a_while(
    dispatching: Callable[[Plugins], Dispatcher], moment: Moment, prometheus: CollectorRegistry
) -> None:
    calls = 0

    async def fail() -> None:
        nonlocal calls
        calls += 1
        raise RuntimeError

    dispatcher = dispatching(make_plugins(event_plugin("shop", fail)))
    for _ in range(5):
        with pytest.raises(HookFailed):
            await dispatcher.tell("shop", "message_sent", EVENT)
    assert calls == 3
    assert prometheus.get_sample_value("onethread_plugin_disabled", {"plugin": "shop"}) == 1
    moment.now += 61
    with pytest.raises(HookFailed):
        await dispatcher.tell("shop", "message_sent", EVENT)
    assert calls == 4, "one more try"
    moment.now += 61
    with pytest.raises(HookFailed) as caught:
        await dispatcher.tell("shop", "message_sent", EVENT)
    assert calls == 4, "then it rests twice as long"
    assert caught.value.retry_after == pytest.approx(59)


async def test_one_that_swallows_cancellation_is_disabled_before_it_fills_the_memory(
    dispatching: Callable[[Plugins], Dispatcher], faults: Faults, moment: Moment
) -> None:
    dispatcher = dispatching(make_plugins(event_plugin("shop", cling)))
    for _ in range(40):
        with pytest.raises(HookFailed):
            await dispatcher.tell("shop", "message_sent", EVENT)
        moment.now += 4000
    assert faults.is_disabled("shop")
    left = [task for task in asyncio.all_tasks() if task.get_name() == "plugin shop"]
    assert len(left) <= 5
    done.set()
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


def decider(metrics: HostMetrics, faults: Faults, *hooks: Callable[..., Any], deadline_s: float = 1.0) -> DecideHooks:
    plugins = make_plugins(*(make_plugin(f"shop{number}", hook) for number, hook in enumerate(hooks)))
    return Decider(plugins, faults, metrics, time.monotonic, deadline_s=deadline_s).hooks()


def test_hooks_nobody_implements_are_none(metrics: HostMetrics, faults: Faults) -> None:
    assert decider(metrics, faults) == DecideHooks()


@pytest.mark.parametrize(
    ("answer", "nature"),
    [(lambda: Nature.POLL, Nature.POLL), (lambda: None, None), (lambda: "poll!", None), (lambda: 1 / 0, None)],
)
async def test_classifying(
    metrics: HostMetrics, faults: Faults, answer: Callable[[], Any], nature: Nature | None
) -> None:
    def classify_inbound(message: Any) -> Any:
        return answer()

    ask = decider(metrics, faults, classify_inbound).classify_inbound
    assert ask is not None
    assert await ask(INBOUND) is nature


async def test_a_faulty_plugin_does_not_hide_the_next(metrics: HostMetrics, faults: Faults) -> None:
    def classify_inbound(message: Any) -> Any:
        raise SystemExit(1)

    def good(message: Any) -> Any:
        return Nature.FORM

    good.__name__ = "classify_inbound"
    ask = decider(metrics, faults, classify_inbound, good).classify_inbound
    assert ask is not None
    assert await ask(INBOUND) is Nature.FORM


async def test_one_that_hangs_is_left_behind(metrics: HostMetrics, faults: Faults) -> None:
    free = threading.Event()

    def classify_inbound(message: Any) -> Any:
        free.wait(30)

    ask = decider(metrics, faults, classify_inbound, deadline_s=0.02).classify_inbound
    assert ask is not None
    before = {*threading.enumerate()}
    for _ in range(6):
        assert await ask(INBOUND) is None
    assert faults.is_disabled("shop0")
    assert len({*threading.enumerate()} - before) == 3
    free.set()


async def test_a_choice_among_strangers_is_none(metrics: HostMetrics, faults: Faults) -> None:
    def choose_sender(message: Any, candidates: Any) -> Any:
        return SenderVote(SenderView(9, SenderKind.LONG_CODE, "+14155550199"), "mine")

    ask = decider(metrics, faults, choose_sender).choose_sender
    assert ask is not None
    assert await ask(OUTBOUND, [SENDER]) is None


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MessageRefused("Not on Sundays."), "Not on Sundays."),
        (RuntimeError("bug"), "shop0"),
        (SystemExit(1), "shop0"),
    ],
)
async def test_a_vetting_hook_that_fails_refuses(
    metrics: HostMetrics, faults: Faults, error: BaseException, said: str
) -> None:
    def vet_outbound(message: Any) -> None:
        raise error

    ask = decider(metrics, faults, vet_outbound).vet_outbound
    assert ask is not None
    for _ in range(5):  # disabled, it goes on refusing
        with pytest.raises(MessageRefused, match=said):
            await ask(OUTBOUND)


async def test_the_watchdog_names_who_blocks_the_loop_and_restarts_without_them(
    metrics: HostMetrics, prometheus: CollectorRegistry
) -> None:
    restarted: list[str] = []
    seen = threading.Event()

    def restart(plugin: str) -> None:
        restarted.append(plugin)
        seen.set()

    watchdog = Watchdog({__name__.partition(".")[0]: "tests"}, metrics, restart, notice_s=0.02, restart_s=0.1)
    watchdog.start()
    seen.wait(10)  # the loop is blocked by this very line
    watchdog.stop()
    assert restarted == ["tests"]
    assert prometheus.get_sample_value("onethread_plugin_blocking_total", {"plugin": "tests"}) == 1


async def test_a_loop_that_turns_is_left_alone(metrics: HostMetrics, prometheus: CollectorRegistry) -> None:
    watchdog = Watchdog({"nobody": "nobody"}, metrics, lambda plugin: None, notice_s=0.05)
    watchdog.start()
    beats = watchdog._beats
    await until(lambda: watchdog._beats > beats + 3)
    watchdog.stop()
    assert prometheus.get_sample_value("onethread_plugin_blocking_total", {"plugin": "none"}) is None
