"""Nothing a person reads is left in English: templates and scripts wrap what they say, and catalogs know all of it."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from jinja2 import Environment, nodes

from gateway.web.catalogs import read_catalog
from gateway.web.language import CATALOG, FOLDER
from gateway.web.pages.templates import FOLDER as TEMPLATES
from scripts.words import catalogs, untranslated, update
from tests.support.sources import ROOT

SPOKEN = frozenset({"aria-label", "alt", "title", "placeholder", "data-tip", "data-undo", "data-confirm"})
TRANSLATED = frozenset({"_", "gettext", "ngettext"})
LITERAL = frozenset({"kbd", "code", "svg"})
WORDS = re.compile(r"[^\W\d_]{2,}")
CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
TRANS = re.compile(r"\{% *trans\b.*?endtrans *%\}", re.DOTALL)
# Names that are the same in every language, those of the picture beside the login among them.
NAMES = re.compile(
    r"Grace Lin|Tom Becker|\bGL\b|\bAR\b|VIP|Onethread|Messenger|SMS|MMS|RCS|WhatsApp|GSM-7|UCS-2|UTC|CSV|JSON"
    r"|Liquid|STOP|START|HELP|https?://\S*"
)
SENTENCE = re.compile(r"^[A-Z][a-z]+(?:[ .,?!…]|$)")
SCRIPT_SAYS = re.compile(
    r"""toast\((?:['"`][A-Z])|(?:textContent|placeholder|dataset\.tip) = ['"`][A-Z]|'aria-label', ['"`][A-Z]"""
)
CATALOGS = [
    pytest.param(path, messages, id=f"{path.parts[-3]}-{folder.parent.name}")
    for folder, messages in catalogs()
    for path in sorted(folder / one.relative_to(FOLDER) for one in FOLDER.glob(f"*/{CATALOG}"))
]


class Spoken(HTMLParser):
    """The texts and attributes of a template that people read; what is made by code is blanked out before."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [
            f"{name}={value}" for name, value in attrs if name in SPOKEN and WORDS.search(NAMES.sub("", value or ""))
        ]
        if tag in LITERAL:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        # Attributes that a macro writes stand in no tag.
        if not self._inside and '="' not in data and WORDS.search(NAMES.sub("", data)):
            self.found.append(" ".join(data.split()))


def texts_of(source: str) -> list[str]:
    """What a template says outside of code."""
    spoken = Spoken()
    spoken.feed(CODE.sub("", TRANS.sub("", source)))
    spoken.close()
    return spoken.found


def is_sentence(text: str) -> bool:
    """Whether it is said to people, and no name, class or attribute."""
    return bool(SENTENCE.search(text) and WORDS.search(NAMES.sub("", text)) and "=" not in text)


def sentences_of(source: str) -> Iterator[str]:
    """What a template says in strings of its code that are not handed to `_`."""

    def walk(node: nodes.Node) -> Iterator[str]:
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in TRANSLATED:
            return
        if isinstance(node, nodes.Const) and isinstance(node.value, str) and is_sentence(node.value):
            yield node.value
        for child in node.iter_child_nodes():
            yield from walk(child)

    yield from walk(Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(source))


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_a_template_wraps_what_it_says(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert [*texts_of(source), *sentences_of(source)] == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello there</p>",
        '<button aria-label="Close">x</button>',
        "{{ ib('x','Close it now') }}",
        "{{ empty('inbox', 'Nothing') }}",
        "<b>{{ name }}, welcome</b>",
    ],
)
def test_what_is_not_wrapped_is_found(source: str) -> None:
    assert [*texts_of(source), *sentences_of(source)]


@pytest.mark.parametrize("path", sorted((ROOT / "gateway/web/static").glob("**/*.js")), ids=lambda path: path.name)
def test_a_script_wraps_what_it_says(path: Path) -> None:
    if "vendor" not in path.parts:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert [line.strip() for line in lines if SCRIPT_SAYS.search(line)] == []


@pytest.mark.parametrize(("path", "messages"), CATALOGS)
def test_a_catalog_has_words_for_everything_and_nothing_else(path: Path, messages: Catalog) -> None:
    code, text = path.parts[-3], path.read_bytes()
    assert update(text, code, messages) == text, "run `make words`, then translate what is new"
    assert untranslated(read_catalog(path, code)) == []
