"""The pages of automations: a form that never loses what was typed, buttons that change it, a log with ways back."""

import re

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


def rows_of(page: str) -> list[str]:
    """What the fields of each row are called, in the order of the page; of a step also its type."""
    found = re.findall(r'name="(if\.\d+)\.field"|name="(then\.\d+)\.type" value="(\w+)"', page)
    return [condition or f"{step} {kind}" for condition, step, kind in found]


async def test_a_row_keeps_its_number_and_what_was_typed(ann: Browser, admin: Client) -> None:
    moved = {
        **{name: value for name, value in FORM.items() if not name.startswith("then.")},
        "if.0.op": "exists",
        "then.4.type": "add_tag",
        "then.4.tag": "Thanked",
        "then.4.delay": "soon",
        "then.4.unit": "d",
        "then.1.type": "call_webhook",
        "then.1.url": "https://shop.example",
        "then.1.headers": "X-Key: k",
    }
    page = (await send(ann, "/settings/automations/new", do="add-then", add_type="send_message", **moved)).text
    assert rows_of(page) == ["if.0", "then.4 add_tag", "then.1 call_webhook", "then.5 send_message"]
    for typed in ("soon", "X-Key: k", "VIP, Late order", '<option value="d" selected>'):
        assert typed in page, typed
    assert 'aria-invalid="true"' not in page, "it is told when it is saved"
    for one in re.findall(r"<(?:input|select|textarea) [^>]*name=[^>]*>", page.split('id="rule"')[1]):
        assert " id=" in one or 'type="hidden"' in one, "it is known by its id while the page is drawn anew"
    saved = {**moved, "then.4.delay": "", "then.1.headers": "", "if.0.op": "is"}
    assert (await send(ann, "/settings/automations/new", do="save", **saved)).status == 303
    [made] = (await admin.get("/automations"))["items"]
    assert [one["type"] for one in made["then"]] == ["add_tag", "call_webhook"]


async def test_buttons_change_the_form_and_store_nothing(ann: Browser, admin: Client) -> None:
    for button, rows in (
        ("add-if", ["if.0", "if.1", "then.0 send_message", "then.1 add_tag"]),
        ("add-then", ["if.0", "then.0 send_message", "then.1 add_tag", "then.2 snooze"]),
        ("up-then-1", ["if.0", "then.1 add_tag", "then.0 send_message"]),
        ("up-then-0", ["if.0", "then.0 send_message", "then.1 add_tag"]),
        ("drop-then-0", ["if.0", "then.1 add_tag"]),
        ("drop-then-7", ["if.0", "then.0 send_message", "then.1 add_tag"]),
        ("drop-if-0", ["then.0 send_message", "then.1 add_tag"]),
    ):
        reply = await send(ann, "/settings/automations/new", do=button, add_type="snooze", **FORM)
        assert reply.status == 200
        assert rows_of(reply.text) == rows, button
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
