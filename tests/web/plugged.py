"""A server with plugins of the test's own, found beside those that are installed."""

import pytest

from gateway.host.decide import Decider
from gateway.host.manager import find_plugins
from gateway.host.plugins import Plugin


def plug_in(monkeypatch: pytest.MonkeyPatch, *plugins: Plugin) -> None:
    """From now on a process finds these too; the host loads them as it does all others, and is in no hurry."""
    monkeypatch.setattr(Decider.__init__, "__kwdefaults__", {"deadline_s": 60.0})
    monkeypatch.setattr("gateway.app.core.find_plugins", lambda **more: [*find_plugins(**more), *plugins])
