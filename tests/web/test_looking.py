"""Who asks for a page gets a full one, look by look; where that takes too long, what was found and the way further."""

import csv
import io

import pytest

from gateway.domain.visibility import Role
from gateway.storage import looks
from gateway.web import looking
from tests.web.client import Client
from tests.web.conftest import World
from tests.web.test_page_sight import Phones, ask, browser_of

RARE = "filter=text%3Acontains%3Alighthouse"


@pytest.fixture
async def far(phone: Phones, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve conversations; what is looked for stands in the oldest two. A look asks two rows, then three."""
    for number in range(12):
        await phone(f"+12025550{300 + number}").text("Hello" if number > 1 else "At the lighthouse")
    for name, value in (("NEAR", 2), ("FAR", 3), ("FEW", 0)):
        monkeypatch.setattr(looks, name, value)


@pytest.mark.usefixtures("far")
@pytest.mark.parametrize("sort", ["newest", "oldest", "waiting", "unread", "ended"])
async def test_a_page_is_looked_for_until_it_is_full(world: World, admin: Client, sort: str) -> None:
    listed = (await admin.get(f"/conversations?view=all&sort={sort}&{RARE}")).body
    assert sorted(one["last_message"]["preview"] for one in listed["items"]) == ["At the lighthouse"] * 2
    assert listed["next"] is None
    one = (await admin.get(f"/conversations?view=all&sort={sort}&limit=1&{RARE}")).body
    rest = (await admin.get(f"/conversations?view=all&sort={sort}&limit=1&{RARE}&cursor={one['next']}")).body
    assert [found["id"] for found in one["items"] + rest["items"]] == [found["id"] for found in listed["items"]]


@pytest.mark.usefixtures("far")
async def test_after_a_while_what_was_found_is_shown_with_the_way_further(
    world: World, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PATIENCE_S", 0)
    pages = [(await admin.get(f"/conversations?view=open&{RARE}")).body]
    while pages[-1]["next"]:
        pages.append((await admin.get(f"/conversations?view=open&{RARE}&cursor={pages[-1]['next']}")).body)
    assert [len(page["items"]) for page in pages] == [0, 0, 2]
    ann = await browser_of(world, admin, "ann@team.example", Role.ADMINISTRATOR)
    _, table, _ = await ask(ann, "GET", f"/conversations/table?view=open&{RARE}")
    assert "Nothing found yet" in table
    assert "Look further" in table
    _, rows, _ = await ask(ann, "GET", f"/inbox/list?view=open&{RARE}")
    assert 'id="rows-empty" hidden' in rows, "there is more to look at"
    assert 'id="more-rows"' in rows
    _, exported, _ = await ask(ann, "GET", f"/conversations/table.csv?view=open&{RARE}")
    assert len(list(csv.reader(io.StringIO(exported)))) == 3, "a file has them all, however long that takes"
