"""Saved views: one's own and the team's, and what may stand in them."""

from collections.abc import Callable
from typing import Any

import pytest

from gateway.domain.visibility import Role
from tests.web.client import Client
from tests.web.conftest import Phone, World

LATE = {"view": "open", "filter": "unread,waiting:before:1d,owner:missing", "sort": "waiting", "natural": True}


async def test_a_view_is_kept_changed_and_removed(admin: Client) -> None:
    made = await admin.made("/views", {"name": "Late ones", "query": LATE, "layout": "table"})
    assert made["id"].startswith("viw_")
    assert (made["name"], made["query"], made["shared"], made["layout"]) == ("Late ones", LATE, False, "table")
    path = f"/views/{made['id']}"
    assert (await admin.get(path)).body == made
    changed = await admin.patch(path, {"name": "Late", "query": {"view": "mine"}})
    assert (changed["name"], changed["query"], changed["layout"]) == ("Late", {"view": "mine"}, "table")
    assert [one["name"] for one in (await admin.get("/views"))["items"]] == ["Late"]
    assert (await admin.delete(path)).status == 204
    assert (await admin.get(path)).status == 404
    assert (await admin.get("/views"))["items"] == []


async def test_ones_own_view_is_nobody_elses_and_the_teams_is_kept_by_few(world: World, admin: Client) -> None:
    ann, ben = await world.someone(Role.AGENT), await world.someone(Role.AGENT)
    lead = await world.someone(Role.SUPERVISOR)
    mine = await ann.made("/views", {"name": "Mine", "query": {}})
    team = await lead.made("/views", {"name": "Team", "query": {"view": "unassigned"}, "shared": True})
    assert [one["name"] for one in (await ann.get("/views"))["items"]] == ["Mine", "Team"]
    assert [one["name"] for one in (await ben.get("/views"))["items"]] == ["Team"]
    for client in (ben, lead, admin):
        assert (await client.get(f"/views/{mine['id']}")).status == 404
        assert (await client.patch(f"/views/{mine['id']}", {"name": "X"})).status == 404
        assert (await client.delete(f"/views/{mine['id']}")).status == 404
    assert (await ann.post("/views", {"name": "X", "query": {}, "shared": True})).status == 403
    assert (await ann.patch(f"/views/{mine['id']}", {"shared": True})).status == 403
    assert (await ann.patch(f"/views/{team['id']}", {"name": "X"})).status == 403
    assert (await ann.delete(f"/views/{team['id']}")).status == 403
    assert (await lead.delete(f"/views/{team['id']}")).status == 204


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "", "query": {}}, "name"),
        ({"name": "X"}, "query"),
        ({"name": "X", "query": {"view": "nonsense"}}, "query.view"),
        ({"name": "X", "query": {"filter": "urgent"}}, "filter"),
        ({"name": "X", "query": {"user": "nobody"}}, "user"),
        ({"name": "X", "query": {"limit": 5}}, "query"),
        ({"name": "X", "query": {}, "layout": "cards"}, "layout"),
    ],
)
async def test_what_no_list_could_answer_is_refused(admin: Client, body: dict[str, Any], field: str) -> None:
    reply = await admin.post("/views", body)
    assert reply.status in {400, 422}
    assert reply["errors"][0]["field"].startswith(field.partition(".")[0])


async def test_a_view_asks_what_it_says(admin: Client, phone: Callable[..., Phone]) -> None:
    contact = phone()
    await contact.text("Is anybody there?")
    made = await admin.made("/views", {"name": "Waiting", "query": {"view": "open", "filter": "needs_reply"}})
    asked = "&".join(f"{name}={value}" for name, value in made["query"].items())
    assert (await contact.conversation())["id"] in [
        one["id"] for one in (await admin.get(f"/conversations?{asked}"))["items"]
    ]
