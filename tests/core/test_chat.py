"""Chat targets: whose they are to set up, and what may not stand in one."""

from typing import Any

import pytest

from gateway.core.caller import Caller
from gateway.core.commands.chat import AddChatTarget, RecordChatNotice, RemoveChatTarget, UpdateChatTarget
from gateway.core.decisions import chat
from gateway.core.decisions.table import DECISIONS
from gateway.core.errors import Reason, Refused
from gateway.core.scene import Scene
from gateway.domain.chat import ChatTarget
from gateway.domain.record import replace
from tests.core.conftest import (
    ADMINISTRATOR,
    AGENT,
    AGENTS_OWN,
    DAY,
    GROUP,
    NOW,
    SUPERVISING,
    WORKSPACE,
    MakeScene,
)

MINE = ChatTarget(WORKSPACE, 71, "apprise", "Me", "sealed", ("message",), NOW - DAY, AGENT)
TEAM = replace(MINE, id=72, user_id=None)


def decide(command: Any, scene: Scene) -> Any:
    return DECISIONS[type(command)].decide(command, scene)


@pytest.mark.parametrize(
    ("command", "allowed"),
    [
        (AddChatTarget("apprise", "Me", "sealed", ("message",)), {AGENTS_OWN, SUPERVISING, ADMINISTRATOR}),
        (AddChatTarget("apprise", "All", "sealed", ("message",), everybody=True), {ADMINISTRATOR}),
        (AddChatTarget("apprise", "Support", "sealed", ("message",), group_id=GROUP), {ADMINISTRATOR}),
        (UpdateChatTarget(71, label="Phone"), {AGENTS_OWN}),
        (UpdateChatTarget(72, label="Phone"), {ADMINISTRATOR}),
        (RemoveChatTarget(71), {AGENTS_OWN}),
        (RemoveChatTarget(72), {ADMINISTRATOR}),
        (RemoveChatTarget(73), set()),
    ],
)
def test_who_may(make_scene: MakeScene, command: Any, allowed: set[Caller]) -> None:
    for caller in (AGENTS_OWN, SUPERVISING, ADMINISTRATOR):
        scene = make_scene(MINE, TEAM, caller=caller)
        if caller in allowed:
            decide(command, scene)
            assert [event.data["noun"] for event in scene.working.events] == ["chat_target"]
        else:
            with pytest.raises(Refused) as refused:
                decide(command, scene)
            assert refused.value.reason in {Reason.FORBIDDEN, Reason.NOT_FOUND}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"label": " "}, "label"),
        ({"of": ()}, "of"),
        ({"of": ("message", "weather")}, "of"),
        ({"digest": 3}, "digest"),
        ({"quiet_start": 1_440}, "quiet_from"),
        ({"timezone": "Middle/Earth"}, "timezone"),
    ],
)
def test_what_may_not_stand_in_one(make_scene: MakeScene, more: dict[str, Any], field: str) -> None:
    for command in (
        AddChatTarget(**{"notifier": "apprise", "label": "Me", "address": "sealed", "of": ("message",), **more}),
        UpdateChatTarget(71, **more),
    ):
        with pytest.raises(Refused) as refused:
            decide(command, make_scene(MINE, caller=AGENTS_OWN))
        assert [error.field for error in refused.value.errors] == [field]


def test_two_hundred_are_enough(make_scene: MakeScene) -> None:
    many = [replace(MINE, id=1_000 + n) for n in range(chat.MOST_TARGETS)]
    with pytest.raises(Refused) as refused:
        decide(AddChatTarget("apprise", "Me", "sealed", ("message",)), make_scene(*many, caller=AGENTS_OWN))
    assert refused.value.code == "too-many-targets"


def test_what_was_told_never_goes_back_and_a_removed_address_is_forgotten(make_scene: MakeScene) -> None:
    scene = make_scene(replace(MINE, told=9), caller=AGENTS_OWN)
    decide(RecordChatNotice(71, 7, "It said no."), scene)
    after = scene.find(ChatTarget, 71)
    assert after is not None
    assert (after.told, after.told_at, after.last_error) == (9, None, "It said no.")
    decide(RecordChatNotice(71, 12, reached=True), scene)
    after = scene.find(ChatTarget, 71)
    assert after is not None
    assert (after.told, after.told_at, after.last_error) == (12, NOW, None)
    decide(RemoveChatTarget(71), scene)
    gone = scene.find(ChatTarget, 71)
    assert gone is not None
    assert gone.address == ""
