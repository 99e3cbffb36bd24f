"""A hand that does anything: it presses, types, goes back and loses the network at random while others work and write.

Now and then it rests, and its page must show what a fresh one shows at the same address. Finds what no story thinks of:

    python -m tests.e2e.wander --seed 7 --rounds 10 --late 200 --telephone

The same seed takes the same steps, not at the same moments. No test: it takes half a minute a round.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any, Final

from playwright.sync_api import Browser, Error, Locator, Page, ViewportSize, sync_playwright

from tests.e2e.messenger import Messenger, ask, staffed
from tests.support.browser import CHROMIUM, FLAGS

PHONES: Final = [f"+1415558{2000 + number}" for number in range(30)]
STEPS, PATIENCE_MS = 25, 1000
REST_MS: Final = 12_000  # longer than what was done can be undone
KEYS: Final = ("j", "k", "e", "n", "s", "x", "Escape", "Control+k", "Control+Enter")

_LOOK: Final = """
() => {
  const words = one => one?.textContent.replace(/\\s+/g, ' ').trim() ?? '';
  const all = selector => [...document.querySelectorAll(selector)];
  const rows = all('#rows .cr:not([hidden],.gone)'), lines = all('#tl > li[id]:not(#first-new)');
  const form = document.querySelector('#composer'), box = document.querySelector('#msg');
  const written = form && box ? [box.value, form.elements.other.value] : ['', ''];
  return {
    rows: rows.map(row => `${row.id} ${words(row.querySelector('.cr-prev'))} ${row.dataset.unread}`),
    thread: document.querySelector('#pane .thread[data-conversation]')?.dataset.conversation ?? '',
    lines: lines.map(line => `${line.id} ${words(line.querySelector('.bub'))}`),
    half: form?.classList.contains('is-note') ? written.reverse() : written,
    head: words(document.querySelector('.thead')).replace(/[0-9]+:[0-9]+/g, ''),
    counts: all('#nav-views .count').map(words),
  };
}
"""
_READY: Final = """
() => document.documentElement.dataset.ready && document.querySelector('#live')?.dataset.tip === 'Live updates are on'
"""


class Hand:
    """One person's hand on a page, with a colleague beside and phones that text; `seed` says what it does."""

    def __init__(self, messenger: Messenger, browser: Browser, seed: int, *, late: int, telephone: bool) -> None:
        self.messenger, self.random, self.late = messenger, Random(seed), late
        size: ViewportSize = {"width": 390, "height": 844} if telephone else {"width": 1440, "height": 900}
        context = browser.new_context(viewport=size, has_touch=telephone, is_mobile=telephone, timezone_id="UTC")
        self.page = context.new_page()
        self.colleague = browser.new_context(timezone_id="UTC").new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        for phone in PHONES:
            messenger.text(f"Hello from {phone}", phone)
        messenger.enter(self.colleague, "Tom Becker")
        messenger.enter(self.page)
        if late:
            line = {"offline": False, "latency": late, "downloadThroughput": -1, "uploadThroughput": -1}
            self.page.context.new_cdp_session(self.page).send("Network.emulateNetworkConditions", line)
        self.acts: list[Callable[[], object]] = [
            self.open_row, self.open_row, self.open_row, self.press, self.press, self.press, self.hear, self.hear,
            self.write, self.write, self.choose, self.choose, self.search, self.hover, self.wheel, self.go,
            self.meet, self.lose, self.find,
        ]  # fmt: skip

    def wander(self) -> list[str]:
        """Some steps, the pauses of a person between them; answers their names."""
        self._return()
        done = []
        for _ in range(STEPS):
            act = self.random.choice(self.acts)
            done.append(act.__name__)
            with suppress(Error):  # what isn't there, or goes while it is pressed, can't be pressed
                act()
            if self.random.random() < 0.3:
                self.page.wait_for_timeout(self.random.randrange(300))
        return done

    def rest(self) -> dict[str, tuple[Any, Any]]:
        """Lets go of everything and looks; answers what a fresh page shows otherwise, as pairs by what it is."""
        self.page.context.set_offline(False)
        for _ in range(3):
            self.page.keyboard.press("Escape")
        self.page.mouse.move(900, 5)
        self._return()
        self._settle(self.page, REST_MS)
        self.page.evaluate("document.activeElement.blur(), document.querySelector('#lscroll').scrollTo(0, 0)")
        self.messenger.text("And now", PHONES[0])  # what waits for its place in the list takes it with the next
        self._settle(self.page, 2000)
        mine = self.page.evaluate(_LOOK)
        fresh = self.page.context.new_page()
        fresh.goto(self.page.url)
        self._settle(fresh, 2500)
        theirs = fresh.evaluate(_LOOK)
        fresh.close()
        return {name: _apart(mine[name], theirs[name]) for name in mine if mine[name] != theirs[name]}

    def _return(self) -> None:
        if not self.page.locator("#lscroll").count():
            self.messenger.enter(self.page)

    def _settle(self, page: Page, milliseconds: int) -> None:
        page.wait_for_function(_READY)
        page.wait_for_timeout(milliseconds + 4 * self.late)

    def _any(self, found: Locator, most: int = 50) -> Locator:
        return found.nth(self.random.randrange(max(1, min(found.count(), most))))

    def open_row(self) -> None:
        self._any(self.page.locator("#rows .cr:not([hidden],.gone) .cr-top")).click(timeout=PATIENCE_MS)

    def press(self) -> None:
        self.page.keyboard.press(self.random.choice(KEYS))

    def hear(self) -> None:
        self.messenger.text(f"Word {self.random.randrange(9999)}", self.random.choice(PHONES))

    def write(self) -> None:
        self.page.locator("#msg").click(timeout=PATIENCE_MS)
        self.page.keyboard.type(f"typed {self.random.randrange(99)} ")

    def choose(self) -> None:
        """A chip, a view, a tab of the composer, an action of a row or of the head, an undo."""
        places = (
            "[data-chip]",
            "#nav-views a[href*='?']:not([href*=table])",
            "#composer [data-mode]",
            "#rows .cr button",
            ".thead button",
            "#toasts button",
        )
        self._any(self.page.locator(self.random.choice(places))).click(timeout=PATIENCE_MS)

    def search(self) -> None:
        self.page.fill("#q", self.random.choice(["Hello", "Word 1", "20", "nothing", ""]), timeout=PATIENCE_MS)

    def hover(self) -> None:
        self.page.mouse.move(self.random.randrange(1200), self.random.randrange(700))

    def wheel(self) -> None:
        self.page.mouse.move(400, 500)
        self.page.mouse.wheel(0, self.random.choice([300, -300]))

    def go(self) -> None:
        ways: list[Callable[..., object]] = [self.page.go_back, self.page.go_forward, self.page.reload]
        self.random.choice(ways)(wait_until="commit", timeout=5000)

    def meet(self) -> None:
        """The colleague does something to one of them, if it can be done."""
        query = f"/conversations?view=all&q={self.random.choice(PHONES).removeprefix('+')}"
        action = self.random.choice(["claim", "release", "complete", "reopen", "read", "unread"])
        with suppress(AssertionError, IndexError):
            found = ask(self.colleague, "GET", query)["items"][0]
            ask(self.colleague, "POST", f"/conversations/{found['id']}/{action}", {})

    def lose(self) -> None:
        self.page.context.set_offline(True)

    def find(self) -> None:
        self.page.context.set_offline(False)


def _apart(mine: Any, theirs: Any) -> tuple[Any, Any]:
    """What only one of two has; both whole where they differ in their order alone, or are no lists."""
    if not isinstance(mine, list) or sorted(mine) == sorted(theirs):
        return mine, theirs
    return [one for one in mine if one not in theirs], [one for one in theirs if one not in mine]


def main() -> int:
    """Wanders as told; prints what differed, and answers 1 where anything did."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--rounds", type=int, default=10)
    asked.add_argument("--late", type=int, default=0, help="milliseconds by which each answer is late")
    asked.add_argument("--telephone", action="store_true", help="on a small screen that is touched")
    told = asked.parse_args()
    wrong = 0
    with sync_playwright() as playwright, tempfile.TemporaryDirectory(prefix="wander-") as folder:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        with staffed(browser, Path(folder)) as messenger:
            hand = Hand(messenger, browser, told.seed, late=told.late, telephone=told.telephone)
            for number in range(told.rounds):
                done, other = hand.wander(), hand.rest()
                faults, hand.faults = hand.faults, []
                wrong += bool(other or faults)
                print(f"round {number}: {'differs' if other or faults else 'the same'}", hand.page.url, flush=True)
                if other or faults:
                    print(json.dumps({"done": done, "other": other, "faults": faults}, indent=1, ensure_ascii=False))
        browser.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
