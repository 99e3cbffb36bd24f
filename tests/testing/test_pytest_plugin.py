"""pytest loads the kit's plugin wherever Onethread is installed; who doesn't use it pays nothing."""

import subprocess
import sys
from importlib.metadata import entry_points

import pytest

from gateway import testing

LOADED = "import sys, gateway.testing.pytest_plugin; print(*sorted(m for m in sys.modules if m.startswith('gateway')))"


def test_pytest_finds_it(pytestconfig: pytest.Config) -> None:
    [point] = entry_points(group="pytest11", name="onethread")
    assert point.value == "gateway.testing.pytest_plugin"
    assert pytestconfig.pluginmanager.has_plugin("onethread")


def test_it_loads_nothing_else_of_ours() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["gateway", "gateway.testing", "gateway.testing.pytest_plugin"]


@pytest.mark.parametrize("name", testing.__all__)
def test_every_part_is_there_when_it_is_asked_for(name: str) -> None:
    assert getattr(testing, name) is not None


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(AttributeError, match="no Chanel"):
        testing.Chanel  # noqa: B018
