"""The Jinja environment: ours only, always escaped, nothing missing in silence. What users write is Liquid."""

import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gateway.web.language import ENGLISH, Languages

MACROS = ("icon", "ib", "av", "tag", "kbd", "mi", "empty", "csrf", "command")
FOLDER = Path(__file__).resolve().parents[1] / "templates"
SPRITE = FOLDER.parent / "static" / "icons.svg"


class Templates:
    """Renders pages and the pieces of pages, in the languages it has."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.languages = Languages()
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=200,
        )
        # `trans` fills in values itself, and leaves out the blanks of a template's layout. Which language it speaks
        # comes with every page. Macros of `_macros.html` have no page: they are handed words translated already.
        self._environment.newstyle_gettext = True  # type: ignore[attr-defined]
        self._environment.policies["ext.i18n.trimmed"] = True
        self._environment.globals.update(ENGLISH.in_templates)
        # What a page may leave out; everything else must be given.
        self._environment.globals.update(
            theme=None,
            single_keys=True,
            zone="UTC",
            token="",
            oob=False,
            pane=None,
            notice=None,
            from_row=False,
            jumps=(),
            as_table=False,
            guide=None,
        )
        self._icons = frozenset(re.findall(r'id="i-([a-z0-9-]+)"', SPRITE.read_text(encoding="utf-8")))
        macros = self._environment.get_template("_macros.html").module
        self._environment.globals.update({name: getattr(macros, name) for name in MACROS})

    def icon(self, name: str) -> str:
        """An icon that somebody else named, if there is one of that name; else that of a plugin."""
        return name if name in self._icons else "plug"

    def render(self, name: str, /, **context: Any) -> str:
        """The template with a context of view models."""
        return self._environment.get_template(name).render(context)
