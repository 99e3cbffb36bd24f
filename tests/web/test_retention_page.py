"""How long data is kept, on its page and in the API."""

import re

from gateway.domain.retention import KINDS
from gateway.domain.visibility import Role
from tests.web.client import Client
from tests.web.conftest import World
from tests.web.test_page_sight import browser_of

PAGE = "/api/../settings/data"


async def test_the_page_says_and_changes_what_the_api_does(world: World, admin: Client) -> None:
    ann = await browser_of(world, admin, "ann@team.example", Role.ADMINISTRATOR)
    shown = await ann.ask("GET", PAGE)
    fields = dict(re.findall(r'name="(\w+)" value="(\d+)" inputmode', shown.text))
    assert fields == {kind: str(rule.unless_set) for kind, rule in KINDS.items()}
    for wrong in ("3", "-1", "soon", "99999999", "1.5"):
        refused = await ann.ask("POST", PAGE, data={"csrf": ann.csrf, **fields, "messages": wrong})
        assert (refused.status, "30 to 36500 days" in refused.text) == (422, True), wrong
    done = await ann.ask("POST", PAGE, data={"csrf": ann.csrf, **fields, "messages": "365", "audit": ""})
    assert done.status == 303
    kept = (await admin.get("/workspace"))["retention"]
    assert (kept["messages"], kept["audit"], kept["media"]) == (365, 730, 0)
    line = (await admin.get("/audit?actions=workspace_changed&limit=1"))["items"][0]
    assert line["details"]["retention"][1]["messages"] == 365
    agent = await browser_of(world, admin, "tom@team.example", Role.AGENT)
    assert (await agent.ask("GET", PAGE)).status == 403
    assert (await agent.ask("POST", PAGE, data={"csrf": agent.csrf, "messages": "30"})).status == 403


async def test_a_preset_leaves_it_alone(admin: Client) -> None:
    await admin.patch("/workspace", {"retention": {"messages": 90}})
    assert (await admin.patch("/workspace", {"preset": "crm"}))["retention"]["messages"] == 90
