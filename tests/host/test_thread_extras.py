"""Menus and panels of a thread: every plugin is asked, whoever fails is left out, nobody waits long."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from gateway.host.decide import Decider
from gateway.host.faults import Faults
from gateway.host.metrics import HostMetrics
from gateway.host.plugins import Plugin
from gateway.host.thread_extras import ThreadExtras
from gateway.sdk.registration import MenuItem, Panel
from tests.host.parts import make_plugin, make_plugins

Asking = Callable[..., ThreadExtras]


@pytest.fixture
def asking(metrics: HostMetrics, faults: Faults) -> Asking:
    def make(*plugins: Plugin) -> ThreadExtras:
        found = make_plugins(*plugins)
        return ThreadExtras(found, Decider(found, faults, metrics, time.monotonic, deadline_s=1.0).questions)

    return make


def adds(plugin: str, hook: str, answer: Callable[[str], Any]) -> Plugin:
    def thread_menu(thread_id: str) -> Any:
        return answer(thread_id)

    thread_menu.__name__ = hook
    return make_plugin(plugin, thread_menu)


GOOD = MenuItem("Orders", "archive", "/p/shop/orders")


async def test_all_are_asked_with_the_thread_as_the_api_writes_it(asking: Asking) -> None:
    extras = asking(
        adds("shop", "thread_menu", lambda thread_id: [MenuItem("Orders", "archive", f"/x/shop/{thread_id}")]),
        adds("bank", "thread_menu", lambda _: (MenuItem("Bills", "coins", "https://bank.example/bills"),)),
        adds("zoo", "thread_panels", lambda _: [Panel("Animals", "/p/zoo/animals")]),
    )
    assert {item.url for item in await extras.menu(7)} == {"/x/shop/thr_0000000000007", "https://bank.example/bills"}
    assert await extras.panels(7) == [Panel("Animals", "/p/zoo/animals")]


def fail(_: str) -> Any:
    raise SystemExit(1)


@pytest.mark.parametrize(
    ("hook", "answer", "outcome"),
    [
        ("thread_menu", fail, "raised"),
        ("thread_menu", lambda _: threading.Event().wait(5), "overdue"),
        ("thread_menu", lambda _: "Orders", "rubbish"),
        ("thread_menu", lambda _: ["Orders"], "rubbish"),
        ("thread_menu", lambda _: [Panel("Orders", "/orders")], "rubbish"),
        ("thread_menu", lambda _: [MenuItem("Orders", "archive", "javascript:alert(1)")], "rubbish"),
        ("thread_menu", lambda _: [MenuItem("Orders", "archive", "/\\evil.example")], "rubbish"),
        ("thread_panels", lambda _: [Panel("Orders", "https://shop.example")], "rubbish"),
        ("thread_panels", lambda _: [Panel("Orders", "//shop.example")], "rubbish"),
        ("thread_panels", lambda _: None, "done"),
    ],
)
async def test_who_fails_is_left_out_and_counted(
    asking: Asking, prometheus: CollectorRegistry, hook: str, answer: Callable[[str], Any], outcome: str
) -> None:
    kept: list[Any] = [GOOD] if hook == "thread_menu" else [Panel("Orders", "/p/bank/orders")]
    extras = asking(adds("shop", hook, answer), adds("bank", hook, lambda _: kept))
    assert await (extras.menu(7) if hook == "thread_menu" else extras.panels(7)) == kept
    labels = {"plugin": "shop", "hook": hook, "outcome": outcome}
    assert prometheus.get_sample_value("onethread_hook_calls_total", labels) == 1
