"""Plugins' sources of pictures: offered in the composer, asked with words, and nothing fetched before one is chosen."""

from collections.abc import Sequence

import pytest

from gateway.domain.visibility import Role
from gateway.host.plugins import Plugin
from gateway.sdk.events import PluginContext
from gateway.sdk.registration import MediaSource
from gateway.sdk.values import MediaReference
from tests.host.parts import make_plugin
from tests.web.conftest import Phone, Serve, World
from tests.web.plugged import plug_in
from tests.web.test_plugin_pages import see
from tests.web.test_sign_in import Browser, browser, link_of


async def search(context: PluginContext, words: str) -> Sequence[MediaReference]:
    return [MediaReference("image/png", f"https://pictures.example/{words}.png", name=f"<{words}>", size=2048)]


async def fail(context: PluginContext, words: str) -> Sequence[MediaReference]:
    raise RuntimeError("the secret of the album")


async def inside(context: PluginContext, words: str) -> Sequence[MediaReference]:
    return [MediaReference("image/png", "javascript:alert(1)")]


def album() -> Plugin:
    def register_media_sources() -> Sequence[MediaSource]:
        return [
            MediaSource("album", "Album & more", search),
            MediaSource("broken", "Broken", fail),
            MediaSource("inside", "Inside", inside),
        ]

    return make_plugin("album", register_media_sources)


@pytest.fixture
async def plugged(serve_here: Serve, monkeypatch: pytest.MonkeyPatch) -> World:
    plug_in(monkeypatch, album())
    return await serve_here()


@pytest.fixture
async def ann(plugged: World) -> Browser:
    """Somebody who is signed in."""
    person = browser(plugged)
    assert (await person.accept(link_of(plugged))).status == 303
    return person


async def test_the_composer_offers_them_by_name(plugged: World, ann: Browser) -> None:
    admin = await plugged.someone(Role.ADMINISTRATOR)
    phone = Phone(admin, (await admin.get("/gateways"))["items"][0]["token"], "+12025550156")
    await phone.text("Hello")
    found = await phone.conversation()
    for page in (await see(ann, f"/conversations/{found['id']}"), await see(ann, "/new")):
        assert 'data-pick-from="/attach/from/album"' in page.text
        assert "Album &amp; more" in page.text


async def test_what_is_found_is_shown_by_name_and_not_loaded(ann: Browser) -> None:
    found = await see(ann, "/attach/from/album?q=lamp", **{"HX-Request": "true"})
    assert found.status == 200
    assert 'data-url="https://pictures.example/lamp.png"' in found.text
    assert "&lt;lamp&gt;" in found.text
    assert "<img" not in found.text


@pytest.mark.parametrize(("source", "status"), [("broken", 422), ("inside", 422), ("nowhere", 404)])
async def test_a_source_that_does_not_work_harms_only_itself(ann: Browser, source: str, status: int) -> None:
    answer = await see(ann, f"/attach/from/{source}?q=x", **{"HX-Request": "true"})
    assert (answer.status, "secret" in answer.text, "javascript" in answer.text) == (status, False, False)
