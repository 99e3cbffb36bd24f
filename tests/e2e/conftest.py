"""A browser whose pages are watched: nothing may leave this machine, nothing may go wrong unseen."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.conftest import Serve
from tests.e2e.messenger import Messenger, staffed
from tests.support.browser import CHROMIUM, FLAGS, Faults, find_barriers
from tests.support.gateway import RunningGateway
from tests.support.webhook_receiver import Receiver, receiving

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
DESKTOP = (1440, 900)
SLOW = os.environ.get("ONETHREAD_SLOW", "")
"""How many times slower pages run, and how many milliseconds late each answer is: "4,250" shows what races.

A story that goes offline is told with the first alone: the second would keep it connected.
"""
SLOWNESS = float(SLOW.partition(",")[0] or 1)
LIMIT_S = 300 * SLOWNESS
PATIENCE = 15_000 * SLOWNESS  # milliseconds; a machine that builds something else beside is slow, not wrong

Screenshot = Callable[[Page, str], Path]
"""What the `screenshot` fixture gives: the path of a picture of that name."""


class NewPage(Protocol):
    """What the `new_page` fixture gives."""

    def __call__(
        self, *, width: int = DESKTOP[0], height: int = DESKTOP[1], dark: bool = False, script: bool = True
    ) -> Page:
        """Opens a page with cookies of its own, as another person's browser has."""


class CheckAccess(Protocol):
    """What the `axe` fixture gives."""

    def __call__(self, page: Page, within: str = "html", *, allow: Sequence[str] = ()) -> None:
        """Fails when axe finds anything wrong with the page as it stands."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A story takes half a minute at most, and five times that where the machine is slow."""
    for item in items:
        if Path(__file__).parent in item.path.parents and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(LIMIT_S))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this folder; gone before asyncio tests elsewhere want the event loop."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS), headless=True)
        yield chromium
        chromium.close()


@pytest.fixture
def faults() -> Iterator[Faults]:
    """What went wrong in the pages of this test; anything not expected fails it."""
    watched = Faults()
    yield watched
    assert not watched.left(), "the browser saw faults:\n" + "\n".join(watched.left())


def slow_down(page: Page) -> None:
    """Makes a page what it is on a poor telephone."""
    late = SLOW.partition(",")[2]
    tools = page.context.new_cdp_session(page)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWNESS})
    if late:
        line = {"offline": False, "latency": float(late), "downloadThroughput": -1, "uploadThroughput": -1}
        tools.send("Network.emulateNetworkConditions", line)


@pytest.fixture
def new_page(browser: Browser, faults: Faults) -> Iterator[NewPage]:
    """Opens watched pages, each in a context of its own."""
    contexts: list[BrowserContext] = []

    def open_page(
        *, width: int = DESKTOP[0], height: int = DESKTOP[1], dark: bool = False, script: bool = True
    ) -> Page:
        context = browser.new_context(
            java_script_enabled=script,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="UTC",
        )
        context.set_default_timeout(PATIENCE)
        faults.watch(context)
        contexts.append(context)
        if SLOW:
            context.on("page", slow_down)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A watched page at desktop size."""
    return new_page()


@pytest.fixture(scope="package")
def messenger(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Messenger]:
    """One running product for the stories of this folder, each with a phone number of its own.

    Its first administrator has signed up by the one-time link; an agent is invited beside the running server.
    """
    with staffed(browser, tmp_path_factory.mktemp("messenger")) as running:
        yield running


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Whoever is told of things over HTTP, on this machine."""
    with receiving() as found:
        yield found


@pytest.fixture
def telling(serve: Serve, receiver: Receiver) -> RunningGateway:
    """A product that may reach the receiver."""
    return serve(env={"ONETHREAD_ALLOW_HOSTS": f"127.0.0.1:{receiver.port}"})


@pytest.fixture
def axe() -> CheckAccess:
    """Checks a page's accessibility."""

    def check(page: Page, within: str = "html", *, allow: Sequence[str] = ()) -> None:
        barriers = find_barriers(page, within, allow=allow)
        assert not barriers, "axe found barriers:\n" + "\n".join(barriers)

    return check


@pytest.fixture
def screenshot(tmp_path: Path) -> Screenshot:
    """Takes pictures; with ONETHREAD_SHOTS=1 they become the ones in docs/images."""

    def take(page: Page, name: str) -> Path:
        folder = IMAGES if os.environ.get("ONETHREAD_SHOTS") == "1" else tmp_path
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.png"
        page.screenshot(path=path, animations="disabled", caret="hide")
        with Image.open(path) as picture:  # 256 colours: a third of the bytes, and nobody sees it
            picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
        return path

    return take
