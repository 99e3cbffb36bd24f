"""The watch over pages itself: each fault is really seen, and a faultless page passes."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import NewPage
from tests.support.browser import Faults, find_barriers

HEAD = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Trial</title><link rel="icon" href="data:,">'
PAGES = {
    "/good": f"{HEAD}</head><body><main><h1>Good</h1></main></body></html>",
    "/console": f"{HEAD}<script src='/throws.js'></script></head><body><main><h1>Throws</h1></main></body></html>",
    "/throws.js": "throw new Error('on purpose')",
    "/inline": f"{HEAD}</head><body><main><h1 onclick='1'>Inline</h1><script>1</script></main></body></html>",
    "/abroad": f"{HEAD}</head><body><main><h1>Abroad</h1><img alt='' src='http://www.example.com/a.png'></main></body>",
    "/barrier": f"{HEAD}</head><body><main><h1>Barrier</h1><img src='data:,'></main></body></html>",
}


class Trial(BaseHTTPRequestHandler):
    """Serves the pages above under the policy the product uses for scripts."""

    def do_GET(self) -> None:
        body = PAGES.get(self.path, "No such page").encode()
        self.send_response(200 if self.path in PAGES else 404)
        self.send_header("Content-Type", "text/javascript" if self.path.endswith(".js") else "text/html")
        self.send_header("Content-Security-Policy", "script-src 'self'")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Trial)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_good_page_has_no_faults_and_no_barriers(page: Page, site: str, faults: Faults) -> None:
    page.goto(f"{site}/good")
    assert find_barriers(page) == []
    assert faults.seen == []


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        pytest.param("/console", "on purpose", id="a script that throws"),
        pytest.param("/inline", "content security policy: script-src", id="a script the policy forbids"),
        pytest.param("/missing", "404", id="an answer that is an error"),
        pytest.param("/abroad", "request to another machine: http://www.example.com", id="a request elsewhere"),
    ],
)
def test_a_fault_is_seen(page: Page, site: str, faults: Faults, path: str, fault: str) -> None:
    page.goto(f"{site}{path}")
    page.evaluate("0")  # by now whatever the page said while it loaded has been told
    assert any(fault in seen for seen in faults.left())
    faults.expect(".")


def test_a_barrier_is_found(page: Page, site: str) -> None:
    page.goto(f"{site}/barrier")
    assert [barrier.split(" ")[0] for barrier in find_barriers(page)] == ["image-alt"]


def test_two_people_have_two_sets_of_cookies(new_page: NewPage, site: str) -> None:
    one, other = new_page(), new_page(width=390, height=844, dark=True)
    one.goto(f"{site}/good")
    other.goto(f"{site}/good")
    one.evaluate("document.cookie = 'who=one'")
    assert other.evaluate("document.cookie") == ""
