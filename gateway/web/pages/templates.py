"""The Jinja environment: ours only, always escaped, nothing missing in silence. What users write is Liquid."""

import re
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from gateway.web.language import ENGLISH, Languages
from gateway.web.pages.links import linked
from gateway.web.pages.static_files import version

MACROS = ("ib", "av", "tag", "kbd", "mi", "empty", "csrf", "command")
FOLDER = Path(__file__).resolve().parents[1] / "templates"
SPRITE = FOLDER.parent / "static" / "icons.svg"


class Templates:
    """Renders pages and the pieces of pages, in the languages it has."""

    def __init__(self, folder: Path = FOLDER, catalogs: Iterable[Path] = ()) -> None:
        """`catalogs` are the folders in which plugins keep their words."""
        self.languages = Languages(others=catalogs)
        self._folder = folder

    @cached_property
    def _environment(self) -> Environment:
        """Made for the first page: what every page uses is compiled with it."""
        environment = Environment(
            loader=FileSystemLoader(self._folder),
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
        environment.newstyle_gettext = True  # type: ignore[attr-defined]
        environment.policies["ext.i18n.trimmed"] = True
        environment.globals.update(ENGLISH.in_templates)
        # What a page may leave out; everything else must be given.
        environment.globals.update(
            theme=None,
            single_keys=True,
            zone="UTC",
            token="",
            oob=False,
            pane=None,
            notice=None,
            from_row=False,
            jumps=None,
            as_table=False,
            guide=None,
        )
        environment.filters["linked"] = linked
        environment.globals.update(icon=icon, static=f"/static/{version()}", sprite=_inline(self._sprite))
        macros = environment.get_template("_macros.html").module
        environment.globals.update({name: _kept(getattr(macros, name)) for name in MACROS})
        row = environment.get_template("partials/conv_row.html").module
        environment.globals.update(conv_row=_kept(row.conv_row))  # type: ignore[attr-defined]
        return environment

    @cached_property
    def _sprite(self) -> str:
        return SPRITE.read_text(encoding="utf-8")

    @cached_property
    def _icons(self) -> frozenset[str]:
        return frozenset(re.findall(r'id="i-([a-z0-9-]+)"', self._sprite))

    def icon(self, name: str) -> str:
        """An icon that somebody else named, if there is one of that name; else that of a plugin."""
        return name if name in self._icons else "plug"

    def render(self, name: str, /, **context: Any) -> str:
        """The template with a context of view models."""
        return self._environment.get_template(name).render(context)


@lru_cache(maxsize=1024)
def icon(name: str, classes: str = "") -> Markup:
    """An icon out of the sprite that stands in every page. A function: a page has hundreds, and a macro costs 20 us."""
    return Markup('<svg class="i {}" aria-hidden="true"><use href="#i-{}"/></svg>').format(classes, name)


def _inline(sprite: str) -> Markup:
    """The sprite as a part of a page."""
    symbols = sprite.partition(">")[2]
    return Markup('<svg class="sprite" width="0" height="0" aria-hidden="true">' + symbols)  # noqa: S704 - a file of ours


def _kept(macro: Callable[..., Markup]) -> Callable[..., Markup]:
    """A macro that remembers what it made. By the types as well: text and markup may be equal and are not the same."""
    made = lru_cache(maxsize=2048, typed=True)(macro)

    def call(*args: Any, **named: Any) -> Markup:
        return macro(*args, **named) if "caller" in named else made(*args, **named)

    return call
