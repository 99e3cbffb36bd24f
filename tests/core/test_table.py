"""Every command has its decision, and nothing else does."""

import importlib
import pkgutil

from gateway.core import commands
from gateway.core.commands.base import Command
from gateway.core.decisions.table import DECISIONS


def test_every_command_is_decided_somewhere() -> None:
    for module in pkgutil.iter_modules(commands.__path__):
        importlib.import_module(f"{commands.__name__}.{module.name}")
    assert set(DECISIONS) == set(Command.__subclasses__())
