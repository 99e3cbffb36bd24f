"""A plugin as it was found, and why one cannot be used."""

import sys
from pathlib import Path
from typing import Any

from gateway.domain.record import record


@record
class Plugin:
    """What an entry point named: `module` holds the hooks. Distribution and version are None for one made in a test."""

    name: str
    module: Any
    distribution: str | None = None
    version: str | None = None

    @property
    def package(self) -> str:
        """The top import package, by which a stack frame is known as this plugin's."""
        name = getattr(self.module, "__name__", None) or type(self.module).__module__
        return str(name).partition(".")[0]

    @property
    def catalogs(self) -> Path | None:
        """Where it keeps the words of other languages: `<code>/LC_MESSAGES/messages.po` in there. None: nowhere."""
        file = getattr(sys.modules.get(self.package), "__file__", None)
        folder = Path(file).parent / "locale" if file else None
        return folder if folder is not None and folder.is_dir() else None


class PluginError(Exception):
    """A plugin that cannot be used stops the start. The text says which one, what is wrong, and what would be right."""
