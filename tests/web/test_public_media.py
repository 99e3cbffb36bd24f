"""What a provider fetches: by a signed address, without signing in, for a day."""

from urllib.parse import urlsplit

import pytest

from gateway.domain.ids import parse_id
from gateway.domain.model import Media
from gateway.domain.visibility import Role
from gateway.host.media_links import LASTING_MS, MediaLinks
from tests.web.conftest import World
from tests.web.test_media import picture, upload


async def made(world: World, content: bytes) -> Media:
    answer = await upload(await world.someone(Role.AGENT), content)
    workspace_id = (await world.state.directory.workspace_ids())[0]
    return Media(workspace_id, parse_id(answer["id"], "med"), "image/png", "stored", 0)


def links(world: World, age_ms: int = 0) -> MediaLinks:
    state = world.state
    return MediaLinks(state.secret_key, state.site.public_url, lambda: state.clock() - age_ms)


async def fetch(world: World, url: str, method: str = "GET") -> tuple[int, bytes, dict[str, str]]:
    async with world.http.request(method, f"{world.url}{urlsplit(url).path}") as answer:
        return answer.status, await answer.read(), dict(answer.headers)


async def test_a_provider_gets_the_bytes_and_a_browser_runs_nothing(world: World) -> None:
    content = picture()
    url = links(world).url(await made(world, content))
    status, body, headers = await fetch(world, url)
    assert (status, body, headers["Content-Type"]) == (200, content, "image/png")
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["Content-Security-Policy"].startswith("sandbox")
    assert headers["X-Content-Type-Options"] == "nosniff"
    status, body, headers = await fetch(world, url, "HEAD")
    assert (status, body, headers["Content-Length"]) == (200, b"", str(len(content)))


@pytest.mark.parametrize("wrong", ["forged", "ended", "unknown", "erased"])
async def test_everything_else_is_not_there(world: World, wrong: str) -> None:
    media = await made(world, picture())
    match wrong:
        case "forged":
            url = MediaLinks(b"not the key", "", world.state.clock).url(media)
        case "ended":
            url = links(world, LASTING_MS + 1000).url(media)
        case "unknown":
            url = links(world).url(Media(media.workspace_id, media.id + 1, "image/png", "stored", 0))
        case _:
            url = links(world).url(media)
            for path in (world.state.blobs.path("0" * 32).parent.parent).rglob("*"):
                if path.is_file():
                    path.unlink()
    status, body, headers = await fetch(world, url)
    assert (status, headers["Content-Type"]) == (404, "application/problem+json")
    assert b"not-found" in body
