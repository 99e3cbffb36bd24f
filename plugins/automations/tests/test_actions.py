"""What each action asks for, what it refuses, and what it issues: commands by name, for the event it is given."""

from types import SimpleNamespace
from typing import Any

import pytest

from gateway.sdk import ActionRefused, SendError
from gateway.sdk.events import EventView, PluginContext
from gateway.sdk.registration import Action
from gateway_automations import conversation, message, outside
from gateway_automations.plugin import register_actions

ABOUT = EventView(1, 7, "conversation_completed", 0, 2, 3, None, 4, "user:5", None, {})
NOBODY = EventView(1, 8, "gateway_health_changed", 0, None, None, None, None, "system", None, {})


class Issued(list[tuple[str, dict[str, Any]]]):
    """The commands an action issues."""

    async def execute(self, name: str, **fields: Any) -> str:
        self.append((name, {key: value for key, value in fields.items() if value is not None}))
        return f"id-{len(self)}"


def context(issued: Issued, http: Any = None) -> PluginContext:
    return PluginContext("automations", lambda: 60_000, None, http, issued.execute, {"contact": {"id": "c"}}, "run-1")  # type: ignore[arg-type]


def test_every_action_is_brought_once_and_says_itself_in_a_sentence() -> None:
    actions = register_actions()
    assert len({one.type for one in actions}) == len(actions) == 12
    assert all(one.label and one.sentence for one in actions)


@pytest.mark.parametrize(
    ("action", "settings", "name", "fields"),
    [
        (message.SEND_MESSAGE, {"body": "Hi"}, "send_message", {"body": "Hi", "thread_id": 2}),
        (
            message.SEND_MESSAGE,
            {"template": "Words", "from_": "snd_1", "channel": "email", "subject": "S"},
            "send_message",
            {"body": "Words", "thread_id": 2, "from_": "snd_1", "channel": "email", "subject": "S"},
        ),
        (conversation.ADD_TAG, {"tag": " VIP "}, "add_tag", {"conversation_id": 3, "tag": "VIP"}),
        (conversation.REMOVE_TAG, {"tag": "VIP"}, "remove_tag", {"conversation_id": 3, "tag": "VIP"}),
        (conversation.ADD_TO_LIST, {"list": "lst_1"}, "add_to_list", {"contact_id": 4, "list_id": "lst_1"}),
        (conversation.REMOVE_FROM_LIST, {"list": "lst_1"}, "remove_from_list", {"contact_id": 4, "list_id": "lst_1"}),
        (conversation.ASSIGN, {"user": "usr_1"}, "assign", {"conversation_id": 3, "user_id": "usr_1"}),
        (
            conversation.ASSIGN,
            {"user": "usr_1", "group": "grp_1"},
            "assign",
            {"conversation_id": 3, "user_id": "usr_1", "group_id": "grp_1"},
        ),
        (
            conversation.ASSIGN,
            {"round_robin": "grp_1"},
            "assign_in_turn",
            {"conversation_id": 3, "group_id": "grp_1"},
        ),
        (conversation.ASSIGN, {"round_robin": True}, "assign_in_turn", {"conversation_id": 3}),
        (
            conversation.ADD_NOTE,
            {"body": "Note"},
            "add_note",
            {"thread_id": 2, "body": "Note", "on_contact": False},
        ),
        (conversation.SNOOZE, {"for_": "2h"}, "snooze", {"conversation_id": 3, "until": 7_260_000}),
        (conversation.COMPLETE, {}, "complete", {"conversation_id": 3}),
        (conversation.ARCHIVE, {}, "archive", {"conversation_id": 3}),
        (outside.NOTIFY, {"target": "Orders", "body": "Look"}, "notify", {"target": "Orders", "body": "Look"}),
    ],
)
async def test_what_it_issues(action: Action, settings: dict[str, Any], name: str, fields: dict[str, Any]) -> None:
    issued = Issued()
    await action.run(context(issued), ABOUT, action.settings(**settings))
    assert issued == [(name, fields)]


@pytest.mark.parametrize(
    ("action", "settings"),
    [
        (message.SEND_MESSAGE, {"body": "Hi"}),
        (conversation.ADD_TAG, {"tag": "VIP"}),
        (conversation.ADD_NOTE, {"body": "Note"}),
        (conversation.ASSIGN, {"user": "usr_1"}),
        (conversation.COMPLETE, {}),
    ],
)
async def test_an_event_about_nobody_is_refused(action: Action, settings: dict[str, Any]) -> None:
    issued = Issued()
    with pytest.raises(ActionRefused, match="This event is about no"):
        await action.run(context(issued), NOBODY, action.settings(**settings))
    assert issued == []


@pytest.mark.parametrize(
    ("action", "settings"),
    [
        (message.SEND_MESSAGE, {}),
        (message.SEND_MESSAGE, {"body": "Hi", "template": "tpl_1"}),
        (conversation.ADD_TAG, {"tag": "  "}),
        (conversation.ASSIGN, {}),
        (conversation.ASSIGN, {"user": "usr_1", "round_robin": "grp_1"}),
        (conversation.SNOOZE, {"for_": 59}),
        (conversation.SNOOZE, {"for_": "tomorrow"}),
        (outside.NOTIFY, {"target": " ", "body": "Hi"}),
        (outside.CALL_WEBHOOK, {"url": "https://shop.example", "headers": {"Bad\n": "x"}}),
        (outside.CALL_WEBHOOK, {"url": "https://shop.example", "headers": {"X": "a\nb"}}),
    ],
)
def test_settings_that_can_not_work(action: Action, settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        action.settings(**settings)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (200, None),
        (204, None),
        (302, SendError),
        (404, ActionRefused),
        (410, ActionRefused),
        (429, SendError),
        (503, SendError),
    ],
)
async def test_what_a_programs_answer_means(status: int, error: type[Exception] | None) -> None:
    asked: list[Any] = []

    async def request(method: str, url: str, **more: Any) -> Any:
        asked.append((method, url, more["headers"]["webhook-id"], more["headers"]["X-Key"]))
        return SimpleNamespace(status=status)

    settings = outside.WebhookSettings("https://shop.example/hook", {"X-Key": "k"})
    call = outside.call_webhook(context(Issued(), SimpleNamespace(request=request)), ABOUT, settings)
    if error is None:
        assert await call == {"status": status}
    else:
        with pytest.raises(error, match=f"shop.example answered {status}"):
            await call
    assert asked == [("POST", "https://shop.example/hook", "run-1", "k")]
