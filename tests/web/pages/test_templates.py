"""Templates from sample view models: everything renders, nothing needs what the page's policy forbids."""

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from gateway.web.live_presence import Presence
from gateway.web.pages.emoji import EMOJI
from gateway.web.pages.routes import page_routes
from gateway.web.pages.templates import FOLDER, Templates
from gateway.web.pages.views_composer import Found, NewConversation
from gateway.web.pages.views_message import Decision, FormattedMail, ScheduledEdit
from gateway.web.pages.views_phone import Dials, Handset, PhoneLine, PhonePage, Switch
from gateway.web.pages.views_shell import Choice, Invited, Notice, SignIn
from tests.web.pages import sample

HANDSET = Handset("Maya", "+14155550148", "+1 415 555 0148", "Try: Hello")
PHONE = PhonePage(
    [PhoneLine("+14155550132", "Main line, Simulator", "/c/token/inbound", "/c/token/outbox")],
    [HANDSET],
    Dials("token", 1.0, [Switch("fail_rate", "Fail 1 in 10 messages", 0.1, on=True)], may_turn=True),
)
DECISION = Decision("msg_1", "Is it <there>?", "+1 415 555 0132", "Simulator", "Today 10:42", "/conversations/cnv_1")
EDIT = ScheduledEdit("msg_1", "Later", "Reply STOP", "2026-11-21T11:43", "", "/conversations/cnv_1")
FOUND = Found("+1", "Maya", "MO", 3, "+1", "Open now", "/conversations/cnv_1")
PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "inbox": ("inbox.html", {"shell": sample.SHELL, "listing": sample.LISTING}),
    "thread": (
        "inbox.html",
        {"shell": sample.SHELL, "listing": sample.LISTING, "pane": True, "me": sample.ANA, **sample.PANE},
    ),
    "not yours": (
        "inbox.html",
        {"shell": sample.SHELL, "listing": sample.LISTING, "notice": Notice("lock", "No", "Not yours")},
    ),
    "new": ("new.html", {"shell": sample.SHELL, "new": NewConversation(sample.GROUPS, sample.MAIN)}),
    "phone": ("phone.html", {"shell": sample.SHELL, "phone": PHONE, "blank": HANDSET}),
    "login": ("login.html", {"form": SignIn(problem="Wrong.")}),
    "invitation": ("invitation.html", {"form": Invited("Come to Harbour & Pine.", problems={"name": "Who?"})}),
    "gone": ("invitation.html", {"form": Invited("", gone="Used already.")}),
    "notice": ("notice.html", {"notice": Notice("lock", "Not allowed", "No.", "/conversations", "Back")}),
    "jumps": ("partials/jump_list.html", {"jumps": [Choice("Maya", "/conversations/cnv_1", "user")]}),
    "people": ("partials/new_people.html", {"found": [FOUND]}),
    "readonly": ("partials/closed_dialog.html", {"head": sample.HEAD, "timeline": sample.TIMELINE}),
    "why": ("why.html", {"why": sample.WHY}),
    "why dialog": ("partials/why.html", {"why": sample.WHY}),
    "new form": (
        "partials/new_form.html",
        {"new": NewConversation(sample.GROUPS, sample.MAIN, "x", "", "", "", kit=sample.KIT, attached=sample.FILES)},
    ),
    "known": ("partials/new_known.html", {"new": NewConversation(sample.GROUPS, sample.MAIN, kit=sample.KIT)}),
    "emoji": ("partials/emoji_list.html", {"emoji": EMOJI}),
    "library": ("partials/media_grid.html", {"offered": sample.FILES, "empty_words": ""}),
    "retry menu": ("partials/retry_menu.html", {"message": "msg_1", "groups": sample.GROUPS}),
    "mail": ("partials/mail_frame.html", {"frame": FormattedMail("msg_1", "/api/v1/messages/1/html", "", 2, False)}),
    "decide": ("dialog.html", {"inside": "partials/decide_dialog.html", "whole_page": True, "decision": DECISION}),
    "edit": ("partials/edit_dialog.html", {"whole_page": False, "edit": EDIT}),
    "row menu": ("partials/menu_options.html", {"head": sample.HEAD, "from_row": True}),
}  # fmt: skip


class Links(HTMLParser):
    """Ids, and every address of our own that a page leads to, with its method."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        method = given.get("method", "get").upper() if tag == "form" else "GET"
        for name in ("href", "src", "action", "hx-get", "formaction", "data-src"):
            if given.get(name, "").startswith("/"):
                verb = "POST" if name == "formaction" or tag == "button" else method
                self.found.add((verb if name in {"action", "formaction"} else "GET", urlsplit(given[name]).path))
        for name in ("hx-post", "data-preview", "data-draft", "data-notes"):
            if given.get(name):
                self.found.add(("POST", given[name]))


@pytest.fixture(scope="module")
def templates() -> Templates:
    return Templates()


@pytest.fixture(scope="module")
def router(templates: Templates) -> web.UrlDispatcher:
    app = web.Application()
    app.add_routes(page_routes(templates, Presence(lambda: 0.0)))
    return app.router


@pytest.mark.parametrize("name", PAGES)
async def test_every_link_leads_somewhere(templates: Templates, router: web.UrlDispatcher, name: str) -> None:
    template, context = PAGES[name]
    links = Links()
    links.feed(templates.render(template, **context))
    for method, path in sorted(links.found):
        if path.startswith(("/c/", "/api/")):
            continue
        match = await router.resolve(make_mocked_request(method, path))
        assert match.http_exception is None, f"{name}: {method} {path} leads nowhere"


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_inline(templates: Templates, name: str) -> None:
    template, context = PAGES[name]
    page = templates.render(template, **context)
    assert not re.search(r"<[^>]+\sstyle=", page), "a style attribute"
    assert not re.search(r"<[^>]+\son[a-z]+=\"", page), "an event handler"
    assert not re.search(r"<script(?![^>]*\ssrc=)", page), "a script without a file"
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page), "something from elsewhere"


@pytest.mark.parametrize("name", PAGES)
def test_an_id_names_one_thing(templates: Templates, name: str) -> None:
    template, context = PAGES[name]
    links = Links()
    page = re.sub(r"<template.*?</template>", "", templates.render(template, **context), flags=re.DOTALL)
    links.feed(page)
    assert sorted(links.ids) == sorted(set(links.ids))


def test_what_people_wrote_is_escaped(templates: Templates) -> None:
    page = templates.render("inbox.html", **PAGES["thread"][1])
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&lt;b&gt;not bold&lt;/b&gt;" in page
    assert "onerror=alert(1)>" not in page


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.html")), ids=lambda path: path.name)
def test_only_our_macros_switch_escaping_off(path: Any) -> None:
    safe = re.findall(r"\|\s*safe", path.read_text(encoding="utf-8"))
    assert not safe or path.name == "_macros.html"


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.html")), ids=lambda path: path.name)
def test_what_is_asked_for_while_somebody_types_ends_at_the_last_word(path: Any) -> None:
    """Without it the answer to the first letters may come last, and what is asked third is not asked at all."""
    for tag in re.findall(r"<[a-z][^>]*hx-trigger=\"[^\"]*input changed[^>]*>", path.read_text(encoding="utf-8")):
        assert re.search(r"hx-sync=\"[^\"]*:replace\"", tag), tag
