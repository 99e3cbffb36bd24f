"""Lists kept under a name: whose they are, and what may stand in them."""

from collections.abc import Callable
from typing import Any

import pytest

from gateway.core.caller import Caller
from gateway.core.commands.saved_views import CreateView, RemoveView, UpdateView
from gateway.core.decisions import saved_views
from gateway.core.errors import Reason, Refused
from gateway.core.scene import Scene
from gateway.domain.settings import SavedView
from tests.core.conftest import ADMINISTRATOR, AGENT, AGENTS_OWN, DAY, NOW, SUPERVISING, WORKSPACE, MakeScene

Decide = Callable[[Any, Scene], Any]
MINE = SavedView(WORKSPACE, 81, "Mine", NOW - DAY, {"view": "open"}, AGENT)
TEAM = SavedView(WORKSPACE, 82, "Team", NOW - DAY, {"view": "open"}, AGENT, shared=True)


@pytest.mark.parametrize(
    ("decide", "command", "allowed"),
    [
        (saved_views.create, CreateView("Late", {"filter": "needs_reply"}), {AGENTS_OWN, SUPERVISING, ADMINISTRATOR}),
        (saved_views.create, CreateView("Late", shared=True), {SUPERVISING, ADMINISTRATOR}),
        (saved_views.update, UpdateView(81, name="Later"), {AGENTS_OWN}),
        (saved_views.update, UpdateView(81, shared=True), set()),
        (saved_views.update, UpdateView(82, name="Later"), {SUPERVISING, ADMINISTRATOR}),
        (saved_views.update, UpdateView(82, shared=False), {SUPERVISING, ADMINISTRATOR}),
        (saved_views.remove, RemoveView(81), {AGENTS_OWN}),
        (saved_views.remove, RemoveView(82), {SUPERVISING, ADMINISTRATOR}),
        (saved_views.remove, RemoveView(83), set()),
    ],
)
def test_who_may(make_scene: MakeScene, decide: Decide, command: Any, allowed: set[Caller]) -> None:
    for caller in (AGENTS_OWN, SUPERVISING, ADMINISTRATOR):
        scene = make_scene(MINE, TEAM, caller=caller)
        if caller in allowed:
            decide(command, scene)
        else:
            with pytest.raises(Refused) as refused:
                decide(command, scene)
            assert refused.value.reason in {Reason.FORBIDDEN, Reason.NOT_FOUND}


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (CreateView(" "), "name"),
        (CreateView("Late", {"limit": "5"}), "query.limit"),
        (CreateView("Late", {"q": "x" * 2_001}), "query.q"),
        (CreateView("Late", {"filter": "urgent"}), "query.filter"),
        (CreateView("Late", layout="cards"), "layout"),
    ],
)
def test_what_may_not_stand_in_one(make_scene: MakeScene, command: CreateView, field: str) -> None:
    with pytest.raises(Refused) as refused:
        saved_views.create(command, make_scene(caller=AGENTS_OWN))
    assert refused.value.reason is Reason.INVALID
    assert [error.field for error in refused.value.errors] == [field]


def test_one_is_made_changed_and_removed(make_scene: MakeScene) -> None:
    scene = make_scene(MINE, caller=AGENTS_OWN)
    made = saved_views.create(CreateView(" Late ", {"view": "open", "q": ""}, layout="table"), scene)
    assert (made.name, made.query, made.user_id, made.layout) == ("Late", {"view": "open"}, AGENT, "table")
    after = saved_views.update(UpdateView(81, query={"view": "mine"}), scene)
    assert (after.name, after.query) == ("Mine", {"view": "mine"})
    saved_views.remove(RemoveView(81), scene)
    with pytest.raises(Refused):
        saved_views.update(UpdateView(81, name="Again"), scene)
