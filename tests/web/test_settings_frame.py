"""The frame of the settings: which sections there are, who may open which, and that each answers."""

import re

import pytest

from gateway.domain.visibility import ALLOWED, Permission, Role
from gateway.web.pages.settings.roles import ROLES, WORDS
from gateway.web.pages.settings.routes import PAGES
from gateway.web.pages.settings.sections import SECTIONS
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


async def see(person: Browser, path: str, **headers: str) -> tuple[int, str]:
    reply = await person.ask("GET", f"/api/..{path}", headers=headers)
    return reply.status, reply.text


def test_every_section_has_its_page() -> None:
    assert set(PAGES) == {one.name for one in SECTIONS}
    for name, routes in PAGES.items():
        assert ("GET", "") in {(one.method, one.path) for one in routes}, name


@pytest.mark.parametrize("role", Role)
async def test_a_role_opens_what_concerns_it_and_nothing_else(world: World, role: Role) -> None:
    person = await signed_in(world, role)
    for section in SECTIONS:
        status, page = await see(person, f"/settings/{section.name}")
        if section.name not in MAY[role]:
            assert status == 403, section.name
            continue
        assert status == 200, section.name
        assert f"<h1>{section.label}</h1>" in page
        shown = re.findall(r'<a class="na" id="set-(\w+)"[^>]*?( aria-current="page")?>', page)
        assert {name for name, _ in shown} == MAY[role]
        assert [name for name, current in shown if current] == [section.name]
    first = await person.ask("GET", "/api/../settings")
    assert (first.status, first.headers["Location"].rpartition("/")[2] in MAY[role]) == (303, True)


async def test_the_table_of_roles_is_that_of_the_rights(world: World) -> None:
    _, page = await see(await signed_in(world, Role.AGENT), "/settings/roles")
    assert set(WORDS) == set(Permission)
    for permission, (label, _) in WORDS.items():
        line = re.search(rf'<span class="b">{re.escape(label)}</span>.*?</tr>', page, re.DOTALL)
        assert line is not None, label
        answers = re.findall(r'<span class="vh">(Yes|No)</span>', line[0])
        assert answers == ["Yes" if permission in ALLOWED[role] else "No" for role in ROLES], label
