"""A folder of mails that mean harm, or were broken on their way: each is something, and what is shown of it does nothing."""

from pathlib import Path

import pytest

from gateway.sdk import Inbound, Unparsed
from gateway.sdk.html import TooWildHtml, sanitise

from .reader import message, read

FOLDER = Path(__file__).parent / "hostile"
MAILS = sorted(FOLDER.glob("*.eml"))
FROM_NOBODY = {"empty", "no_headers", "from_nobody", "from_no_address"}
NOT_TAKEN_APART = {"deep", "many_parts"}
TOO_WILD = {"quadratic_html", "attributes"}
WITHOUT_WORDS = {"only_headers", "no_boundary"}


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
async def test_every_mail_is_something(path: Path) -> None:
    [item] = await read(path.read_bytes())
    if path.stem in FROM_NOBODY:
        assert isinstance(item, Unparsed)
        assert item.raw == path.read_bytes()
        return
    assert isinstance(item, Inbound)
    assert item.sender == "eve@evil.example"
    if path.stem in NOT_TAKEN_APART:
        assert "could not be taken apart" in item.body
        assert [file.content for file in item.media] == [path.read_bytes()]
    elif path.stem not in WITHOUT_WORDS:
        assert "Hello" in item.body, item.body


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
async def test_what_is_shown_does_nothing(path: Path) -> None:
    [item] = await read(path.read_bytes())
    html = getattr(item, "html", None)
    if html is None:
        return
    if path.stem in TOO_WILD:
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
    injected = await message((FOLDER / "header_injection.eml").read_bytes())
    assert injected.subject == "Hi Bcc: victim@shop.example Injected"
    named = await message((FOLDER / "file_names.eml").read_bytes())
    assert [file.name for file in named.media] == ["passwd", "invoicegnp.exe", "x.jpg", "a b.txt"]


async def test_a_bounce_of_a_strangers_mail_is_an_automatic_message() -> None:
    said = await message((FOLDER / "forged_bounce.eml").read_bytes())
    assert said.metadata["automatic"] == "auto-replied"
