"""A folder of mails that mean harm, or were broken on their way: each is something, and what is shown does nothing."""

import time
from pathlib import Path

import pytest

from gateway.sdk import Inbound, Unparsed
from gateway.sdk.html import TooWildHtml, sanitise

from .reader import message, read

FOLDER = Path(__file__).parent / "hostile"
MAILS = {path.stem: path.read_bytes() for path in sorted(FOLDER.glob("*.eml"))}
FROM_NOBODY = {"empty", "no_headers", "from_nobody", "from_no_address"}
NOT_TAKEN_APART = {"deep", "many_parts"}
TOO_WILD = {"quadratic_html", "attributes"}
WITHOUT_WORDS = {"only_headers", "no_boundary"}


@pytest.mark.parametrize("name", MAILS)
async def test_every_mail_is_something(name: str) -> None:
    [item] = await read(MAILS[name])
    if name in FROM_NOBODY:
        assert isinstance(item, Unparsed)
        assert item.raw == MAILS[name]
        return
    assert isinstance(item, Inbound)
    assert item.sender == "eve@evil.example"
    if name in NOT_TAKEN_APART:
        assert "could not be taken apart" in item.body
        assert [file.content for file in item.media] == [MAILS[name]]
    elif name not in WITHOUT_WORDS:
        assert "Hello" in item.body, item.body


@pytest.mark.parametrize("name", MAILS)
async def test_what_is_shown_does_nothing(name: str) -> None:
    [item] = await read(MAILS[name])
    html = getattr(item, "html", None)
    if html is None:
        return
    if name in TOO_WILD:
        with pytest.raises(TooWildHtml):
            sanitise(html)
        return
    shown = sanitise(html).lower()
    for trace in (
        "<script",
        "<style",
        "<svg",
        "<iframe",
        "<form",
        "<input",
        "<object",
        "<embed",
        "<meta",
        "<base",
        "<link",
    ):
        assert trace not in shown
    for trace in ("onload", "onclick", "onerror", "javascript:", "position", "url(", "autoplay", "data:text"):
        assert trace not in shown


async def test_nothing_ends_a_header_or_turns_a_name_around() -> None:
    injected = await message(MAILS["header_injection"])
    assert injected.subject == "Hi Bcc: victim@shop.example Injected"
    named = await message(MAILS["file_names"])
    assert [file.name for file in named.media] == ["passwd", "invoicegnp.exe", "x.jpg", "a b.txt"]


async def test_a_table_of_very_many_cells_is_not_laid_out() -> None:
    raw = b"From: eve@evil.example\r\nContent-Type: text/html\r\n\r\n<table><tr>" + b"<td>x</td>" * 50_000
    began = time.process_time()
    said = await message(raw)
    assert said.body.startswith("x x x")
    assert time.process_time() - began < 4


async def test_a_bounce_of_a_strangers_mail_is_an_automatic_message() -> None:
    said = await message(MAILS["forged_bounce"])
    assert said.metadata["automatic"] == "auto-replied"
