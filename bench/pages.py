"""Scenario: what an agent waits for in a browser: the inbox painted, the next thread, their own answer in it."""

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

from playwright.sync_api import BrowserContext, Page, sync_playwright

from bench.effort import Effort
from bench.product import Product, serving
from bench.report import Finding, Section
from bench.spread import spread
from tests.e2e.messenger import sign_up
from tests.support.browser import CHROMIUM, FLAGS

_THREADS = 60
_MESSAGES = 5
_PRESSES = 20

# From the event to the frame in which what it asked for is on the screen.
_MEASURE = """
([wanted, selector]) => new Promise(done => {
  const begun = performance.now();
  const shown = () => {
    const found = document.querySelector(selector);
    if (!found || !found.textContent.includes(wanted)) return requestAnimationFrame(shown);
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
  };
  requestAnimationFrame(shown);
})
"""
_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
_SCRIPT = """
() => performance.getEntriesByType('resource').filter(one => new URL(one.name).pathname.endsWith('.js'))
  .reduce((sum, one) => sum + one.encodedBodySize, 0) / 1000
"""


def measure(effort: Effort) -> Section:
    """A server on its core and Chromium wherever it finds room, so the browser pays for the busy machine."""
    with tempfile.TemporaryDirectory(prefix="onethread-bench-") as folder, serving(Path(folder)) as product:
        _fill(product)
        with _browser() as context:
            page = context.new_page()
            sign_up(page, product.served.process.wait_for_line(r"(http://\S+/invitation/\S+)")[1])
            waits = _served(context, product.url, effort.rounds * 10)
            paints, script = _paints(context, product.url, effort.rounds)
            switches = _switches(page)
            sends = _sends(page)
    return Section(
        "Pages",
        f"An inbox of {_THREADS} threads with {_MESSAGES} messages each, in headless Chromium on the same machine.",
        [
            Finding("the inbox page, from request to last byte", spread(waits), "ms", 15, 5, most=True),
            Finding("its first paint, nothing cached", spread(paints), "ms", 300, 150, most=True),
            Finding("script transferred for it", spread([script]), "kB", 60, 30, most=True),
            Finding("the next thread by its key, press to paint", spread(switches), "ms", 100, 50, most=True),
            Finding("an answer in the thread, press to paint", spread(sends), "ms"),
        ],
    )


def _fill(product: Product) -> None:
    url = product.inbound_url()
    for number in range(_THREADS * _MESSAGES):
        phone = f"+1415555{1000 + number % _THREADS}"
        words = {"from": phone, "to": "+12025550100", "body": f"Is parcel {number} on its way?", "id": f"b{number}"}
        asked = Request(url, json.dumps(words).encode(), {"Content-Type": "application/json"})
        with urlopen(asked, timeout=10):
            pass


@contextmanager
def _browser() -> Iterator[BrowserContext]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS), headless=True)
        yield chromium.new_context(viewport={"width": 1440, "height": 900}, timezone_id="UTC", bypass_csp=True)
        chromium.close()


def _served(context: BrowserContext, url: str, times: int) -> list[float]:
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in context.cookies())
    found = []
    for _ in range(times):
        asked = Request(f"{url}/conversations", headers={"Cookie": cookies, "Accept": "text/html"})
        begun = time.perf_counter()
        with urlopen(asked, timeout=10) as answer:
            assert b'id="rows"' in answer.read(), "the inbox, and not the door"
        found.append((time.perf_counter() - begun) * 1000)
    return found


def _paints(context: BrowserContext, url: str, times: int) -> tuple[list[float], float]:
    found: list[float] = []
    script = 0.0
    for _ in range(times):
        page = context.new_page()
        page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        page.goto(f"{url}/conversations", wait_until="load")
        page.wait_for_function(f"({_PAINT})() !== null")
        found.append(float(page.evaluate(_PAINT)))
        script = float(page.evaluate(_SCRIPT))
        page.close()
    return found, script


def _switches(page: Page) -> list[float]:
    page.locator("#rows .cr .cr-top").first.click()
    page.wait_for_selector("#tl")
    names = page.locator("#rows .cr").evaluate_all("rows => rows.map(row => row.dataset.name)")
    found = []
    for name in names[1 : _PRESSES + 1]:
        page.evaluate(f"window.switched = ({_MEASURE})([{json.dumps(name)}, '.thead h2']); 0")
        page.keyboard.press("j")
        found.append(float(page.evaluate("window.switched")))
    return found


def _sends(page: Page) -> list[float]:
    found = []
    for number in range(_PRESSES):
        words = f"It leaves today, number {number}."
        page.get_by_label("Your message").fill(words)
        page.evaluate(f"window.sent = ({_MEASURE})([{json.dumps(words)}, '#tl']); 0")
        page.keyboard.press("Control+Enter")
        found.append(float(page.evaluate("window.sent")))
        page.wait_for_function("!document.querySelector('#tl .m[data-sending]')")
    return found
