"""Files of ours: packed for whoever takes that, asked about again, and nothing from outside their folder."""

import gzip
import re
from pathlib import Path

import aiohttp
import pytest

from gateway.web.pages.static_files import FOLDER, lean, version
from tests.web.conftest import World

SCRIPT = "app.js"


async def ask(world: World, name: str, **headers: str) -> tuple[aiohttp.ClientResponse, bytes]:
    async with aiohttp.ClientSession(auto_decompress=False, skip_auto_headers=["Accept-Encoding"]) as http:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        async with http.get(f"{world.url}/static/{name}", headers=named) as answer:
            return answer, await answer.read()


async def test_text_is_packed_for_whoever_takes_it(world: World) -> None:
    plain, whole = await ask(world, SCRIPT)
    packed, less = await ask(world, SCRIPT, Accept_Encoding="br, gzip")
    content = (FOLDER / SCRIPT).read_bytes()
    assert "Content-Encoding" not in plain.headers
    assert whole == content
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(less).decode() == lean(content.decode()), "less what only people read"
    for answer in (plain, packed):
        assert (answer.headers["Vary"], answer.content_type) == ("Accept-Encoding", "text/javascript")
    assert plain.headers["ETag"] != packed.headers["ETag"]


@pytest.mark.parametrize("path", [FOLDER / SCRIPT, *sorted((FOLDER / "js").glob("*.js"))], ids=lambda path: path.name)
def test_a_script_loses_comments_and_nothing_that_it_does(path: Path) -> None:
    script = path.read_text(encoding="utf-8")
    open_ended = [line for line in script.split("\n") if line.count("`") % 2 or ("/*" in line) != ("*/" in line)]
    assert open_ended == [], "texts and comments end on their line, or they would lose what is in them"
    for line, sent in zip(script.split("\n"), lean(script).split("\n"), strict=True):
        code = line.strip()
        if code == sent:
            continue
        assert code.startswith(sent)
        assert code[len(sent) :].lstrip().startswith("//"), "only a comment goes"
        assert not any(sent.count(quote) % 2 for quote in "'\"`"), "and no text is cut"


async def test_what_is_vendored_is_sent_as_it_is(world: World) -> None:
    script = next((FOLDER / "vendor").rglob("*.js"))
    _, packed = await ask(world, script.relative_to(FOLDER).as_posix(), Accept_Encoding="gzip")
    assert gzip.decompress(packed) == script.read_bytes()


async def test_what_is_known_is_not_sent_again(world: World) -> None:
    first, _ = await ask(world, SCRIPT, Accept_Encoding="gzip")
    again, body = await ask(world, SCRIPT, Accept_Encoding="gzip", If_None_Match=first.headers["ETag"])
    assert (again.status, body) == (304, b"")
    changed, _ = await ask(world, SCRIPT, Accept_Encoding="gzip", If_None_Match='"0-gzip"')
    assert changed.status == 200


async def test_pages_name_files_by_a_version_and_browsers_keep_those_for_ever(world: World) -> None:
    async with aiohttp.ClientSession() as http, http.get(f"{world.url}/login") as answer:
        page = await answer.text()
    named = set(re.findall(r"/static/([0-9a-f]{10})/", page))
    assert named == {version()}
    content = (FOLDER / SCRIPT).read_bytes()
    for stamp, keep in ((version(), "public, max-age=31536000, immutable"), ("0123456789", "no-cache")):
        answer, body = await ask(world, f"{stamp}/{SCRIPT}")
        assert (answer.status, body, answer.headers["Cache-Control"]) == (200, content, keep)
    unnamed, _ = await ask(world, SCRIPT)
    assert unnamed.headers["Cache-Control"] == "no-cache"


async def test_a_picture_or_font_is_packed_already(world: World) -> None:
    font, _ = await ask(world, "fonts/inter-latin.woff2", Accept_Encoding="gzip")
    assert "Content-Encoding" not in font.headers
    assert "immutable" in font.headers["Cache-Control"]


@pytest.mark.parametrize(
    "name", ["%2e%2e/templates/base.html", "..%2fserver.py", "nothing.js", "js", "app.js%00", f"{'a' * 300}.js"]
)
async def test_nothing_else_is_served(world: World, name: str) -> None:
    answer, _ = await ask(world, name, Accept_Encoding="gzip")
    assert answer.status in {400, 404}
