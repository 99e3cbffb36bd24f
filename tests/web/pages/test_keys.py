"""The help over the page names every key its script listens to, and no other."""

import re
from html import unescape

from gateway.web.pages.static_files import FOLDER
from gateway.web.pages.templates import Templates
from tests.web.pages import sample

SCRIPT = (FOLDER / "js" / "keys.js").read_text(encoding="utf-8")


def _single_keys() -> set[str]:
    """The properties of the table of keys: one character each, with quotes where it is no name."""
    table = SCRIPT.partition("const KEYS = {")[2].partition("\n};")[0]
    return set(re.findall(r"(?:^|[\s,])'?([^\s'])'?: ", table))


def _named_keys() -> set[str]:
    """What it asks an event for by name, as people write it."""
    words = {"k": "Ctrl K", "Enter": "Ctrl ↵", "Escape": "Esc", "/": "/"}
    asked = set(re.findall(r"event\.key(?:\.toLowerCase\(\))? === '([^']+)'", SCRIPT)) - {
        "Backspace",
        " ",
    }  # what any button and any box does
    assert asked == set(words), "a key that is new here needs its place in the help, and in this table"
    return {words[one] for one in asked}


def test_the_help_says_every_key_and_only_those() -> None:
    page = Templates().render("partials/help_dialog.html", shell=sample.SHELL)
    shown = [unescape(one) for one in re.findall(r'<kbd class="kbd">([^<]+)</kbd>', page)]
    wanted = {one.upper() for one in _single_keys()} | _named_keys() | {"Enter"}  # Enter is the link's own
    assert set(shown) == wanted
    assert len(_single_keys()) > 12
    assert shown.count("/") == 2, "search, and quick replies in an empty box"
