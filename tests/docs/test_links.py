"""What a page points at is there: links, pictures, anchors, files, make targets, commands, calls of the API."""

import re
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

from gateway import cli
from gateway.web.api.all_routes import all_operations
from tests.docs.pages import Block, anchors, blocks, find_pages, links, read, spans
from tests.support.sources import ROOT, find_files

PAGES = find_pages()
IDS = [str(page) for page in PAGES]
PATH = re.compile(r"(?:gateway|plugins|tests|docs|scripts|bench|requirements)/[\w./-]*")
MAKE = re.compile(r"\bmake ([a-z]+(?: [a-z]+)*)")
GATEWAY = re.compile(r"(?:^|\bbin/)gateway ((?:[a-z-]+ ?)+)")
CALL = re.compile(r"(GET|POST|PATCH|PUT|DELETE) (/api/v1)?(/[a-z][\w{}/.-]*)")


def commands(group: click.Group = cli.main, before: str = "") -> set[str]:
    """Every command of the command line, written as people type it."""
    found = set()
    for name, command in group.commands.items():
        found.add(f"{before}{name}")
        if isinstance(command, click.Group):
            found |= commands(command, f"{before}{name} ")
    return found


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def shell(text: str) -> list[str]:
    """The lines of a page's shell blocks, those that go on joined."""
    found: list[Block] = blocks(text, "sh", "bash", "console")
    return [line.strip() for block in found for line in block.text.replace("\\\n", " ").splitlines()]


def test_there_are_pages() -> None:
    assert {Path("README.md"), Path("CONTRIBUTING.md"), Path("docs/README.md")} <= set(PAGES)


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_links_and_pictures(page: Path) -> None:
    broken = []
    for target in links(read(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = unquote(target).partition("#")
        found = (ROOT / page).parent / path if path else ROOT / page
        if not found.exists() or (anchor and anchor not in anchors(found.read_text(encoding="utf-8"))):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_files_it_names(page: Path) -> None:
    named = {span for span in spans(read(page)) if PATH.fullmatch(span)}
    bases = (ROOT, (ROOT / page).parent)
    assert [path for path in sorted(named) if not any((base / path).exists() for base in bases)] == []


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_make_targets_it_names(page: Path) -> None:
    text = read(page)
    code = [*spans(text), *shell(text)]
    named = {word for line in code for found in MAKE.findall(line.partition("#")[0]) for word in found.split()}
    assert named - targets() == set()


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_commands_it_names(page: Path) -> None:
    text = read(page)
    unknown = []
    for line in [*spans(text), *shell(text)]:
        for found in GATEWAY.findall(line):
            words = found.split()
            if not any(" ".join(words[:length]) in commands() for length in (2, 1)):
                unknown.append(line)
    assert unknown == []


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_calls_of_the_api_it_names(page: Path) -> None:
    known = {(one.method, re.sub(r"{\w+}", "{}", one.path)) for one in all_operations()}
    unknown = []
    for span in spans(read(page)):
        for method, base, path in CALL.findall(span):
            call = (method, re.sub(r"{\w+}", "{}", path.rstrip("/")))
            if base and call not in known:
                unknown.append(span)
    assert unknown == []


def test_every_page_of_the_docs_is_in_its_index() -> None:
    listed = {unquote(link) for link in links(read("docs/README.md"))}
    pages = {str(path.relative_to("docs")) for path in find_files() if path.parts[0] == "docs" and path.suffix == ".md"}
    written = {"README.md", "performance.md"}  # the index itself, and what `make bench` writes
    assert pages - written - listed == set()
