"""Every command has its decision, and nothing else does."""

import importlib
import pkgutil

from gateway.core import commands
from gateway.core.commands.base import Command
from gateway.core.decisions.table import DECISIONS


def test_every_command_is_decided_somewhere() -> None:
    for module in pkgutil.iter_modules(commands.__path__):
        importlib.import_module(f"{commands.__name__}.{module.name}")
    # A slotted dataclass is a second class of the same name, so classes are compared by theirs.
    assert {kind.__qualname__ for kind in DECISIONS} == {kind.__qualname__ for kind in Command.__subclasses__()}
