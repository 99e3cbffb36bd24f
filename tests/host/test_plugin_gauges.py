"""Gauges of plugins are read at the scrape; one that can't be is left out and counted, and the scrape goes on."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from gateway.host.decide import Decider
from gateway.host.faults import Faults
from gateway.host.metrics import HostMetrics
from gateway.host.plugin_gauges import PluginGauges
from gateway.host.plugins import Plugin, PluginError
from gateway.host.registry import build_registry
from gateway.sdk.registration import Metric
from tests.host.parts import make_plugin, make_plugins

Scrape = Callable[..., Any]


def brings(plugin: str, *metrics: Metric) -> Plugin:
    def register_metrics() -> tuple[Metric, ...]:
        return metrics

    return make_plugin(plugin, register_metrics)


@pytest.fixture
def scrape(metrics: HostMetrics, faults: Faults, prometheus: CollectorRegistry) -> Scrape:
    """Scrapes as often as asked, and gives the last text."""

    async def ask(*plugins: Plugin, times: int = 1) -> str:
        found = make_plugins(*plugins)
        decider = Decider(found, faults, metrics, time.monotonic, deadline_s=2)
        gauges = PluginGauges(build_registry(found), decider.questions, prometheus)
        for _ in range(times):
            await gauges.read()
        return generate_latest(prometheus).decode()

    return ask


async def test_a_gauge_is_read_at_each_scrape(scrape: Scrape) -> None:
    orders = iter([3, 4.5])
    text = await scrape(brings("shop", Metric("open orders", "Not shipped yet.", lambda: next(orders))), times=2)
    assert "# HELP onethread_plugin_shop_open_orders Not shipped yet.\n" in text
    assert "# TYPE onethread_plugin_shop_open_orders gauge\n" in text
    assert "\nonethread_plugin_shop_open_orders 4.5\n" in text


def fails() -> float:
    raise SystemExit(3)


@pytest.mark.parametrize(
    ("read", "outcome"),
    [
        (fails, "raised"),
        (lambda: "3", "rubbish"),
        (lambda: None, "rubbish"),
        (lambda: True, "rubbish"),
        (lambda: threading.Event().wait(5), "overdue"),
    ],
)
async def test_one_that_fails_is_left_out_and_counted(
    scrape: Scrape, prometheus: CollectorRegistry, read: Callable[[], Any], outcome: str
) -> None:
    text = await scrape(brings("shop", Metric("bad", "B", read)), brings("bank", Metric("good", "G", lambda: 1)))
    assert "onethread_plugin_shop_bad" not in text
    assert "\nonethread_plugin_bank_good 1.0\n" in text
    labels = {"plugin": "shop", "hook": "register_metrics", "outcome": outcome}
    assert prometheus.get_sample_value("onethread_hook_calls_total", labels) == 1


async def test_what_was_read_once_is_not_shown_for_ever(scrape: Scrape) -> None:
    answers = iter([7])
    text = await scrape(brings("shop", Metric("open", "O", lambda: next(answers))), times=2)
    assert "onethread_plugin_shop_open" not in text


def test_two_names_that_become_one_stop_the_start() -> None:
    twice = brings("shop", Metric("open-orders", "A", lambda: 1.0), Metric("open orders", "B", lambda: 2.0))
    with pytest.raises(PluginError, match="both bring onethread_plugin_shop_open_orders"):
        build_registry(make_plugins(twice))
