"""The pages of automations: a form that never loses what was typed, buttons that change it, a log with ways back."""

import pytest

from gateway.domain.visibility import Role
from tests.web.client import Client
from tests.web.conftest import World
from tests.web.test_settings_frame import see, send, signed_in, told
from tests.web.test_sign_in import Browser


@pytest.fixture
async def ann(world: World) -> Browser:
    return await signed_in(world, Role.ADMINISTRATOR)


FORM = {
    "name": "Thanks",
    "when": "conversation_completed",
    "once_per": "contact",
    "if.0.field": "conversation.tags",
    "if.0.op": "in",
    "if.0.value": "VIP, Late order",
    "then.0.type": "send_message",
    "then.0.body": "Thank you",
    "then.0.delay": "2",
    "then.0.unit": "h",
    "then.1.type": "add_tag",
    "then.1.tag": "Thanked",
}


async def test_what_is_written_is_the_rule_that_the_api_has(ann: Browser, admin: Client) -> None:
    for start in ("survey", "thanks", "webhook", "nonsense"):
        assert "When" in await see(ann, f"/settings/automations/new?start={start}")
    assert (await send(ann, "/settings/automations/new", do="save", **FORM)).status == 303
    [made] = (await admin.get("/automations"))["items"]
    assert made["if"] == [{"field": "conversation.tags", "op": "in", "value": ["VIP", "Late order"]}]
    assert made["then"] == [
        {"type": "send_message", "body": "Thank you", "delay": 7200},
        {"type": "add_tag", "tag": "Thanked"},
    ]
    assert (made["once_per"], made["enabled"]) == ("contact", False)
    page = await see(ann, "/settings/automations")
    assert "wait 2 hours and send “Thank you”" in page
    assert "its tag is one of VIP, Late order" in page
    path = f"/settings/automations/{made['id']}"
    changed = {**FORM, "enabled": "on", "then.0.body": "Thanks a lot"}
    assert (await send(ann, path, do="save", **changed)).status == 303
    after = (await admin.get(f"/automations/{made['id']}")).body
    assert (after["enabled"], after["then"][0]["body"]) == (True, "Thanks a lot")
    assert (await send(ann, f"{path}/switch", to="off")).status == 303
    assert not (await admin.get(f"/automations/{made['id']}"))["enabled"]
    assert "It has not run yet" in await see(ann, f"{path}/runs")
    assert (await send(ann, f"{path}/remove")).status == 303
    assert (await admin.get("/automations"))["items"] == []


async def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(ann: Browser) -> None:
    wrong = {
        **FORM,
        "if.0.field": "conversation.tag",
        "then.0.body": "{{ contact.nmae }}",
        "then.1.type": "call_webhook",
        "then.1.url": "https://shop.example",
        "then.1.headers": "X-Key: k",
    }
    reply = await send(ann, "/settings/automations/new", do="save", **wrong)
    assert reply.status == 422
    assert "This is not JSON" in told(reply.text, "then.1.headers")
    assert "X-Key: k" in reply.text
    reply = await send(ann, "/settings/automations/new", do="save", **{**wrong, "then.1.headers": ""})
    assert "no field tag" in told(reply.text, "if.0.field")
    assert "contact has no" in told(reply.text, "then.0.body").lower()
    assert "VIP, Late order" in reply.text
    reply = await send(ann, "/settings/automations/new", do="save", **{**FORM, "then.0.delay": "soon"})
    assert reply.status == 422
    assert "whole number" in told(reply.text, "then.0.delay")


async def test_buttons_change_the_form_and_store_nothing(ann: Browser, admin: Client) -> None:
    for button, there in (
        ("add-if", 'name="if.1.field"'),
        ("add-then", 'name="then.2.type" value="snooze"'),
        ("up-then-1", 'name="then.0.type" value="add_tag"'),
        ("drop-then-0", 'name="then.0.type" value="add_tag"'),
    ):
        reply = await send(ann, "/settings/automations/new", do=button, add_type="snooze", **FORM)
        assert reply.status == 200
        assert there in reply.text, button
    reply = await send(ann, "/settings/automations/new", do="drop-if-0", **FORM)
    assert "if.0.field" not in reply.text
    reply = await send(ann, "/settings/automations/new", do="try", **FORM)
    assert "Over the last 90 days this would have run 0 times" in reply.text
    assert (await admin.get("/automations"))["items"] == []


async def test_rules_are_put_in_order(ann: Browser, admin: Client) -> None:
    for name in ("One", "Two"):
        await send(ann, "/settings/automations/new", do="save", **{**FORM, "name": name})
    second = (await admin.get("/automations"))["items"][1]
    assert (await send(ann, f"/settings/automations/{second['id']}/move", to="up")).status == 303
    assert [one["name"] for one in (await admin.get("/automations"))["items"]] == ["Two", "One"]


async def test_the_pages_are_the_administrators(world: World) -> None:
    tom = await signed_in(world, Role.SUPERVISOR)
    assert (await tom.ask("GET", "/api/../settings/automations")).status == 403
    assert "/settings/automations" not in await see(tom, "/settings/templates")
