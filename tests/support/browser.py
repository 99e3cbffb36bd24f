"""What a page may not do while a test looks at it, and how its accessibility is checked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
REPORT_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', event => console.error(
  `content security policy: ${event.violatedDirective} blocked ${event.blockedURI} ` +
  `in ${event.sourceFile}:${event.lineNumber}`))
"""


@dataclass  # without slots: Playwright leaves a mark of its own on the object whose methods it calls
class Faults:
    """What went wrong in the browser: console errors, script errors, policy violations, requests to other machines."""

    seen: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, pattern: str) -> None:
        """Lets a fault pass, in a test that provokes it (a 409 shows in the console as an error)."""
        self.expected.append(pattern)

    def watch(self, context: BrowserContext) -> None:
        """Collects the faults of every page of a browser context."""
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", self._error)

    def left(self) -> list[str]:
        """The faults that no pattern expects."""
        return [fault for fault in self.seen if not any(re.search(pattern, fault) for pattern in self.expected)]

    def _request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in {"data", "blob", "about"} and url.hostname not in LOOPBACK:
            self.seen.append(f"request to another machine: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            where = message.location
            self.seen.append(f"console: {message.text} ({where['url']}:{where['lineNumber']})")

    def _error(self, error: WebError) -> None:
        self.seen.append(f"script: {error.error}")


def find_barriers(page: Page, within: str = "html", *, allow: Sequence[str] = ()) -> list[str]:
    """What axe finds wrong with a page's accessibility, one line for each rule and element.

    Args:
        page: the page as it stands.
        within: a CSS selector; only what is inside is looked at.
        allow: ids of axe rules not to run.
    """
    page.wait_for_load_state()  # a page without its styles yet has barriers of its own
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    # Only what is wrong is told in full, and no style sheet is fetched again: no rule that is on asks for one.
    result = page.evaluate(
        "([within, rules]) => axe.run(within, {rules, resultTypes: ['violations'], preload: false})",
        [within, {rule: {"enabled": False} for rule in allow}],
    )
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: {' '.join(map(str, node['target']))}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
