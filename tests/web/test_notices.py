"""Being told, over the API: by e-mail or text while away, and in chat services that plugins reach."""

from typing import Any

import pytest

from gateway.domain.visibility import Role
from gateway.sdk.errors import NoticeFailed
from gateway.sdk.events import PluginContext
from gateway.sdk.registration import Notifier
from tests.host.parts import make_plugin
from tests.web.client import Client
from tests.web.conftest import Serve, World
from tests.web.plugged import plug_in

CHOSEN = {
    "address": "+14155550777",
    "digest": 60,
    "quiet_hours": {"start": "22:00", "end": "07:30"},
    "timezone": "Europe/Paris",
}
TARGET = {"notifier": "bell", "label": "Front desk", "address": "bell://desk:word@host", "of": ["message", "failed"]}
WRONG_TARGETS = [
    ({"address": "horn://desk"}, "address"),
    ({"notifier": "horn"}, "address"),
    ({"of": []}, "of"),
    ({"of": ["weather"]}, "of[0]"),
    ({"of": ["failed", "failed"]}, "of"),
    ({"digest": 3}, "digest"),
    ({"quiet_hours": {"start": "25:00", "end": "07:00"}}, "quiet_hours.start"),
    ({"timezone": "Moon/Crater"}, "timezone"),
    ({"label": "   "}, "label"),
    ({"everybody": True, "group": "grp_0000000000000"}, "group"),
    ({"group": "grp_0000000000000"}, "group"),
]


class Bell:
    """A chat service that keeps what it was told, and fails when it is asked to."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def check(self, address: str) -> str | None:
        return None if address.startswith("bell://") else "An address begins with bell://."

    async def send(self, context: PluginContext, address: str, text: str) -> None:
        if "broken" in address:
            raise NoticeFailed("The bell is broken.")
        self.told.append((address, text))

    def plugin(self) -> Any:
        def register_notifiers() -> list[Notifier]:
            return [Notifier("bell", "Bell", self.send, self.check, "bell://WHERE")]

        return make_plugin("bells", register_notifiers)


@pytest.fixture
async def bell() -> Bell:
    return Bell()


@pytest.fixture
async def belfry(serve_here: Serve, monkeypatch: pytest.MonkeyPatch, bell: Bell) -> World:
    plug_in(monkeypatch, bell.plugin())
    return await serve_here()


async def test_how_one_is_told_while_away_is_ones_own(world: World) -> None:
    ann, ben = await world.someone(Role.AGENT), await world.someone(Role.AGENT)
    nothing = {"address": None, "digest": 2, "quiet_hours": None, "timezone": "UTC"}
    assert (await ann.get("/notices")).body == nothing
    saved = await ann.ask("PUT", "/notices", CHOSEN | {"address": "+1 (415) 555-0777"})
    assert (saved.status, saved.body) == (200, CHOSEN)
    assert (await ann.get("/notices")).body == CHOSEN
    assert (await ben.get("/notices")).body == nothing
    assert (await ann.delete("/notices")).status == 204
    assert (await ann.get("/notices")).body == nothing


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"address": "nobody"}, "address"),
        ({"digest": 3}, "digest"),
        ({"timezone": "Moon/Crater"}, "timezone"),
        ({"quiet_hours": {"start": "9:00", "end": "10:00"}}, "quiet_hours.start"),
    ],
)
async def test_wrong_notices_are_refused(admin: Client, wrong: dict[str, Any], field: str) -> None:
    refused = await admin.ask("PUT", "/notices", CHOSEN | wrong)
    assert (refused.status, refused["errors"][0]["field"]) == (422, field), refused.text


async def test_the_life_of_a_target(belfry: World, bell: Bell) -> None:
    ann = await belfry.someone(Role.AGENT)
    services = (await ann.get("/notices/services"))["items"]
    assert {"name": "bell", "label": "Bell", "hint": "bell://WHERE"} in services
    made = await ann.made("/notices/targets", TARGET)
    assert "word" not in str(made)
    assert made["user"] == (await ann.get("/users/me"))["id"]
    changed = await ann.patch(
        f"/notices/targets/{made['id']}", {"label": "Back desk", "quiet_hours": CHOSEN["quiet_hours"], "digest": 15}
    )
    assert changed.body == made | {"label": "Back desk", "quiet_hours": CHOSEN["quiet_hours"], "digest": 15}
    assert (await ann.get("/notices/targets"))["items"] == [changed.body]

    tried = await ann.post(f"/notices/targets/{made['id']}/test")
    assert tried.body == {"told": True, "error": None}
    assert bell.told == [("bell://desk:word@host", "This is a test from Onethread: here you are told.")]
    await ann.patch(f"/notices/targets/{made['id']}", {"address": "bell://broken", "quiet_hours": None})
    tried = await ann.post(f"/notices/targets/{made['id']}/test")
    assert tried.body == {"told": False, "error": "The bell is broken."}

    assert (await ann.delete(f"/notices/targets/{made['id']}")).status == 204
    assert (await ann.get(f"/notices/targets/{made['id']}")).status == 404
    assert (await ann.get("/notices/targets"))["items"] == []


@pytest.mark.parametrize(("wrong", "field"), WRONG_TARGETS)
async def test_wrong_targets_are_refused(belfry: World, wrong: dict[str, Any], field: str) -> None:
    admin = await belfry.someone(Role.ADMINISTRATOR)
    refused = await admin.post("/notices/targets", TARGET | wrong)
    assert (refused.status, refused["errors"][0]["field"]) == (422, field), refused.text
    assert (await admin.get("/notices/targets"))["items"] == []


async def test_whose_a_target_is(belfry: World) -> None:
    """One's own is nobody else's business; a group's and everybody's are for administrators."""
    admin, ann, ben = [await belfry.someone(role) for role in (Role.ADMINISTRATOR, Role.AGENT, Role.AGENT)]
    group = await admin.made("/groups", {"name": "Night shift"})
    assert (await ann.post("/notices/targets", TARGET | {"everybody": True})).status == 403
    assert (await ann.post("/notices/targets", TARGET | {"group": group["id"]})).status == 403
    mine = await ann.made("/notices/targets", TARGET)
    groups = await admin.made("/notices/targets", TARGET | {"group": group["id"]})
    everybodys = await admin.made("/notices/targets", TARGET | {"everybody": True})
    assert (groups["user"], groups["group"]) == (None, group["id"])
    assert (everybodys["user"], everybodys["group"]) == (None, None)
    assert [one["id"] for one in (await admin.get("/notices/targets"))["items"]] == [groups["id"], everybodys["id"]]
    for other, target in ((ben, mine), (admin, mine), (ann, groups), (ann, everybodys)):
        where = f"/notices/targets/{target['id']}"
        answers = [
            await other.get(where),
            await other.patch(where, {"label": "Taken"}),
            await other.post(f"{where}/test"),
            await other.delete(where),
        ]
        assert [one.status for one in answers] == [404] * 4
    assert (await ann.get(f"/notices/targets/{mine['id']}"))["label"] == "Front desk"
