"""The frame of the settings: which sections there are, who may open which, and that each answers."""

import re
from html import unescape
from typing import Any

import pytest

from gateway.domain.visibility import ALLOWED, Permission, Role
from gateway.web.pages.settings.roles import ROLES, WORDS
from gateway.web.pages.settings.routes import PAGES
from gateway.web.pages.settings.sections import SECTIONS
from tests.web.client import Reply
from tests.web.conftest import World
from tests.web.test_sign_in import Browser, browser, link_of

MAY = {role: {one.name for one in SECTIONS if one.permission in {None, *ALLOWED[role]}} for role in Role}


async def signed_in(world: World, role: Role) -> Browser:
    """Somebody of a role in front of a browser."""
    ann = browser(world)
    assert (await ann.accept(link_of(world))).status == 303
    if role is Role.ADMINISTRATOR:
        return ann
    admin = await world.someone(Role.ADMINISTRATOR)
    invited = await admin.made("/users/invitations", {"email": "tom@team.example", "role": role})
    tom = browser(world)
    link = re.search(r"/invitation/\S+", invited["url"])
    assert link is not None
    assert (await tom.accept(link[0], "tom@team.example")).status == 303
    return tom


async def see(person: Browser, path: str) -> str:
    """A page that is there."""
    reply = await person.ask("GET", f"/api/..{path}")
    assert reply.status == 200, reply.text
    return reply.text


async def send(person: Browser, path: str, **fields: Any) -> Reply:
    """Posts a form as the page would; a field that is None is not in it."""
    if not person.csrf:
        await person.learn_csrf()
    given = {name: value for name, value in fields.items() if value is not None}
    return await person.ask("POST", f"/api/..{path}", data={"csrf": person.csrf, **given})


def told(page: str, name: str) -> str:
    """The sentence at a field, which must say that it is invalid and point to the sentence."""
    field = re.search(rf'<(?:input|select|textarea)[^>]*name="{re.escape(name)}"[^>]*>', page)
    assert field is not None, name
    assert 'aria-invalid="true"' in field[0], field[0]
    described = re.search(r'aria-describedby="(\S+?-e)[ "]', field[0])
    assert described is not None
    sentence = re.search(rf'id="{described[1]}">.*?</svg>(.*?)</span>', page)
    assert sentence is not None
    return unescape(sentence[1])


def test_every_section_has_its_page() -> None:
    assert set(PAGES) == {one.name for one in SECTIONS}
    for name, routes in PAGES.items():
        assert ("GET", "") in {(one.method, one.path) for one in routes}, name


@pytest.mark.parametrize("role", Role)
async def test_a_role_opens_what_concerns_it_and_nothing_else(world: World, role: Role) -> None:
    person = await signed_in(world, role)
    for section in SECTIONS:
        reply = await person.ask("GET", f"/api/../settings/{section.name}")
        page = reply.text
        if section.name not in MAY[role]:
            assert reply.status == 403, section.name
            continue
        assert reply.status == 200, section.name
        assert f"<h1>{section.label}</h1>" in page
        shown = re.findall(r'<a class="na" id="set-(\w+)"[^>]*?( aria-current="page")?>', page)
        assert {name for name, _ in shown} == MAY[role]
        assert [name for name, current in shown if current] == [section.name]
    first = await person.ask("GET", "/api/../settings")
    assert (first.status, first.headers["Location"].rpartition("/")[2] in MAY[role]) == (303, True)


async def test_the_table_of_roles_is_that_of_the_rights(world: World) -> None:
    page = await see(await signed_in(world, Role.AGENT), "/settings/roles")
    assert set(WORDS) == set(Permission)
    for permission, (label, _) in WORDS.items():
        line = re.search(rf'<span class="b">{re.escape(label)}</span>.*?</tr>', page, re.DOTALL)
        assert line is not None, label
        answers = re.findall(r'<span class="vh">(Yes|No)</span>', line[0])
        assert answers == ["Yes" if permission in ALLOWED[role] else "No" for role in ROLES], label
