"""The Messenger as its users meet it: a running server, somebody who signed up, and phones that text it."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.support.gateway import RunningGateway, serve_command
from tests.support.ports import find_free_port
from tests.support.process import ServerProcess

PASSWORD = "a long enough password"
ANA = ("Ana Reyes", "ana@shop.example")
TOM = ("Tom Becker", "tom@shop.example")
MAYA_TEXT = "+1 415 555 0148"


@dataclass
class Messenger:
    """A running server, the cookies of those who work there, and where its phones text to."""

    server: RunningGateway
    cookies: dict[str, list[Any]] = field(default_factory=dict)
    inbound: str = ""
    sender: str = ""
    count: int = 0

    @property
    def url(self) -> str:
        return self.server.url

    def staff(self, browser: Browser) -> None:
        """Ana signs up by the link of the first start, Tom by an invitation to be an agent."""
        self._join(browser, link_of(self.server), ANA)
        self.invite(browser, TOM, "agent")

    def invite(self, browser: Browser, who: tuple[str, str], role: str) -> None:
        """Somebody (name, e-mail address) joins with a role, by a link that the command line made."""
        invite = [sys.executable, "-m", "gateway", "user", "invite", who[1], "--role", role]
        said = subprocess.run(
            [*invite, "--data", str(self.server.data)], check=True, capture_output=True, text=True, timeout=60
        ).stdout
        link = re.search(r"https?://\S+(/invitation/\S+)", said)
        assert link is not None, said
        self._join(browser, self.url + link[1], who)

    def _join(self, browser: Browser, link: str, who: tuple[str, str]) -> None:
        context = browser.new_context(timezone_id="UTC")
        page = context.new_page()
        sign_up(page, link, *who)
        self.cookies[who[0]] = context.cookies()
        if not self.inbound:
            page.goto(f"{self.url}/phone")
            line = page.locator("#sim-to option").first
            self.inbound = f"{self.url}{line.get_attribute('data-post')}"
            self.sender = str(line.get_attribute("value"))
        context.close()

    def enter(self, page: Page, name: str = "Ana Reyes", path: str = "/conversations") -> None:
        """Comes back as somebody who is signed in."""
        page.context.add_cookies(self.cookies[name])
        page.goto(self.url + path)
        if path == "/conversations":  # keys go nowhere until the script is there
            expect(page.locator("html")).to_have_attribute("data-ready", "1")

    def text(self, body: str, number: str) -> None:
        """A phone texts the simulator's gateway, as a provider would."""
        self.count += 1
        content = {"from": number, "to": self.sender, "body": body, "id": f"m{self.count}"}
        request = Request(self.inbound, data=json.dumps(content).encode(), headers={"Content-Type": "application/json"})
        with urlopen(request, timeout=10) as answer:
            assert answer.status == 200

    def turn_dials(self, page: Page, **dials: str) -> None:
        """Turns the simulator's network, as its phone page does; what isn't named is faultless."""
        token = page.locator("meta[name=csrf]").get_attribute("content") or ""
        gateway = self.inbound.split("/")[-2]
        answer = page.request.post(
            f"{self.url}/phone/network",
            form={"gateway": gateway, "delay": "0", **dials},
            headers={"X-CSRF-Token": token, "HX-Request": "true"},
        )
        assert answer.ok


@contextmanager
def staffed(browser: Browser, folder: Path) -> Iterator[Messenger]:
    """A running product of its own, its first administrator signed up by the one-time link, an agent invited beside."""
    process = ServerProcess(serve_command(find_free_port(), folder / "data"), cwd=folder)
    try:
        ready = process.wait_for_line(r"Messenger ready at (http://\S+)")
        running = Messenger(RunningGateway(ready[1].rstrip("/"), folder / "data", process))
        running.staff(browser)
        yield running
    finally:
        process.kill()


def phones(server: RunningGateway, page: Page) -> Messenger:
    """Whoever texts a server's simulator, for stories that started it themselves."""
    page.goto(f"{server.url}/phone")
    line = page.locator("#sim-to option").first
    inbound, sender = f"{server.url}{line.get_attribute('data-post')}", str(line.get_attribute("value"))
    return Messenger(server, inbound=inbound, sender=sender)


def sign_up(page: Page, link: str, name: str = "Ana Reyes", email: str = "ana@shop.example") -> None:
    """Uses a one-time link and lands in the inbox, live."""
    page.goto(link)
    page.get_by_label("Your name").fill(name)
    if page.get_by_label("Work email").is_editable():
        page.get_by_label("Work email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Start").click()
    live(page)


def sign_in(page: Page, url: str, email: str = "ana@shop.example", password: str = PASSWORD) -> None:
    """Signs in with e-mail and password."""
    page.goto(f"{url}/login")
    page.get_by_label("Work email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def ask(page: Page, method: str, path: str, data: Any = None) -> Any:
    """The API, as the page's own session."""
    token = page.locator("meta[name=csrf]").get_attribute("content") or ""
    url = f"{page.url.partition('/conversations')[0]}/api/v1{path}"
    answer = page.request.fetch(url, method=method, data=data, headers={"X-CSRF-Token": token})
    assert answer.ok, answer.text()
    return answer.json() if answer.text() else None


def link_of(server: RunningGateway) -> str:
    """The one-time link that the server printed at its first start."""
    return server.process.wait_for_line(r"(http://\S+/invitation/\S+)")[1]


def live(page: Page) -> None:
    """The page is connected to its stream."""
    expect(page.locator("#live")).to_have_attribute("data-tip", "Live updates are on")


def listen_alone(page: Page) -> None:
    """The page shall have a stream of its own, as in a browser without shared workers: what a story does to the page's
    network reaches it then. To be called before the page is loaded."""
    page.add_init_script("delete window.SharedWorker")


def held_back(page: Page, pattern: str | re.Pattern[str], *, parts: bool = False) -> Callable[..., None]:
    """The network holds back what a page asks of a place, of itself; answers what lets the next one through, or the one
    at a place in the row of them: -1 is the newest.

    With `parts` also what the page is made of, such as its script.
    """
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        if parts or "hx-request" in route.request.headers:
            waiting.append(route)
        else:
            route.continue_()

    def let_through(at: int = 0) -> None:
        while not waiting:  # the test's own limit ends this
            page.evaluate("1")
        waiting.pop(at).continue_()

    page.route(pattern, hold)
    return let_through


def overtaken(page: Page, let_through: Callable[..., None]) -> None:
    """Of two that are held back, the later one's answer comes first, and then whatever comes of the earlier one."""
    for at in (-1, 0):
        let_through(at)
        page.evaluate("() => fetch('/unread').then(answer => answer.text())")


def row(page: Page, name: str) -> Locator:
    """A row of the list, by whom it is with."""
    return page.locator("#rows .cr").filter(has=page.locator(".cr-name", has_text=re.compile(f"^{re.escape(name)}$")))


def open_row(page: Page, name: str) -> None:
    """Opens a conversation from the list: it is there, and not the one before it any more."""
    one = row(page, name)
    wanted = one.get_attribute("data-id")
    one.locator(".cr-top").click()
    expect(page.locator(f'#pane .thread[data-conversation="{wanted}"] #tl')).to_be_visible()


def shown(number: str) -> str:
    """How the pages write a number: in groups."""
    return f"+1 {number[2:5]} {number[5:8]} {number[8:]}"
