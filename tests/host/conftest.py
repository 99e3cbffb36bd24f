"""Metrics of their own, and a host on SQLite."""

import pytest
from prometheus_client import CollectorRegistry

from gateway.host.faults import Faults
from gateway.host.metrics import HostMetrics
from tests.host.parts import Moment


@pytest.fixture
def prometheus() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def metrics(prometheus: CollectorRegistry) -> HostMetrics:
    return HostMetrics(prometheus)


@pytest.fixture
def moment() -> Moment:
    return Moment()


@pytest.fixture
def faults(moment: Moment, metrics: HostMetrics) -> Faults:
    return Faults(moment, metrics, in_a_row=3)
