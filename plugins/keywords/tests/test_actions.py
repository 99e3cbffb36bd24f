"""What the actions issue, by a context made by hand; through a whole gateway, `tests/web/test_talks.py`."""

from typing import Any

import pytest

from gateway.sdk import ActionRefused
from gateway.sdk.events import EventView, PluginContext
from gateway_keywords.plugin import FormSettings, PollSettings, ask_poll, register_actions, start_form

IN_THREAD = EventView(1, 7, "conversation_completed", 0, 2, 3, None, 4, "user", None, {})
OF_CONTACT = EventView(1, 7, "contact_opted_in", 0, None, None, None, 4, "system", None, {})
OF_NOBODY = EventView(1, 7, "settings_changed", 0, None, None, None, None, "user", None, {})


async def test_the_contact_the_event_is_about_is_asked() -> None:
    issued: list[Any] = []

    async def execute(name: str, **fields: Any) -> str:
        issued.append((name, fields))
        return "rsp_1"

    context = PluginContext("keywords", lambda: 0, None, None, execute)  # type: ignore[arg-type]
    assert await start_form(context, IN_THREAD, FormSettings("frm_1")) == {"response_id": "rsp_1"}
    assert await ask_poll(context, OF_CONTACT, PollSettings("pll_1", "+14155550100")) == {"message_id": "rsp_1"}
    assert issued == [
        ("start_form", {"form_id": "frm_1", "from_": None, "thread_id": 2}),
        ("ask_poll", {"poll_id": "pll_1", "from_": "+14155550100", "contact_id": 4}),
    ]
    with pytest.raises(ActionRefused, match="nobody"):
        await start_form(context, OF_NOBODY, FormSettings("frm_1"))


def test_both_are_offered() -> None:
    assert [one.type for one in register_actions()] == ["start_form", "ask_poll"]
