"""Signed addresses of files: read by who signed them, and by nobody else."""

from urllib.parse import urlsplit

import pytest

from gateway.domain.model import Media
from gateway.host.media_links import LASTING_MS, MediaLinks, MediaTicket
from tests.core.running import Clock

PHOTO = Media(7, 123_456_789_012_345, "image/jpeg", "stored", 0, blob="0" * 32)


def links(key: bytes = b"key", clock: Clock | None = None) -> MediaLinks:
    return MediaLinks(key, "https://desk.example", clock or Clock())


def name_of(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2]


def test_it_leads_back_to_its_file() -> None:
    url = links().url(PHOTO)
    assert url.startswith("https://desk.example/media/")
    assert url.endswith(".jpg")
    assert links().read(name_of(url)) == MediaTicket(7, 123_456_789_012_345)


def test_it_leads_nowhere_when_its_time_is_over() -> None:
    clock = Clock()
    name = name_of(links(clock=clock).url(PHOTO))
    clock.forward(LASTING_MS - 1000)
    assert links(clock=clock).read(name) is not None
    clock.forward(1000)
    assert links(clock=clock).read(name) is None


@pytest.mark.parametrize("place", range(48))
def test_no_letter_of_it_can_be_changed(place: int) -> None:
    name = name_of(links().url(PHOTO))
    other = "A" if name[place] != "A" else "B"
    assert links().read(name[:place] + other + name[place + 1 :]) is None


@pytest.mark.parametrize(
    "name", ["", ".", "x", "\N{SNOWMAN}", "A" * 48, "A" * 64, "A" * 4000, "not/base64", "AAAA===="]
)
def test_rubbish_is_nobodys(name: str) -> None:
    assert links().read(name) is None


def test_another_installation_did_not_sign_it() -> None:
    assert links(b"another key").read(name_of(links().url(PHOTO))) is None
