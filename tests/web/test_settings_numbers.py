"""Numbers and pools in the settings, without script: what each can do, who serves it, forms that keep what is typed."""

import re
from typing import Any

import pytest

from gateway.domain.visibility import Role
from tests.web.client import Client
from tests.web.conftest import World
from tests.web.test_settings_frame import see, send, signed_in, told
from tests.web.test_sign_in import Browser


@pytest.fixture
async def ann(world: World) -> Browser:
    return await signed_in(world, Role.ADMINISTRATOR)


async def gateways(admin: Client) -> list[str]:
    """The simulator that is there, and a second one."""
    await admin.made("/gateways", {"plugin": "simulator", "name": "Second <i>"})
    return [one["id"] for one in (await admin.get("/gateways"))["items"]]


def fields(serving: dict[str, str], **more: str | None) -> dict[str, Any]:
    return {
        "kind": "long_code",
        "value": "+1 (202) 555-0101",
        "label": "Main <line>",
        "append_text": "Reply STOP to end\r\nThank you",
        "gateway_choice": "last_used",
        **serving,
        **more,
    }


async def test_a_number_is_added_with_its_gateways_in_order_and_changed(ann: Browser, admin: Client) -> None:
    first, second = await gateways(admin)
    assert (
        await send(ann, "/settings/numbers/new", **fields({f"place.{first}": "2", f"place.{second}": "1"}))
    ).status == 303
    made = (await admin.get("/senders"))["items"][-1]
    assert (made["value"], made["gateway_ids"], made["append_text"]) == (
        "+12025550101",
        [second, first],
        "Reply STOP to end\nThank you",
    )
    table = await see(ann, "/settings/numbers")
    line = re.search(r"<tr><td><a[^>]*>Main &lt;line&gt;</a>.*?</tr>", table, re.DOTALL)
    assert line is not None
    assert "Second &lt;i&gt;, Simulator" in line[0]
    assert re.findall(r'<span class="st">([^<]+)</span>', line[0]) == ["SMS", "Simulated"]
    where = f"/settings/numbers/{made['id']}"
    page = await see(ann, where)
    assert "Reply STOP to end\nThank you</textarea>" in page
    shown = re.findall(r'name="place\.(\w+)".*?value="(\d)" selected', page)
    assert shown == [(second, "1"), (first, "2")]
    change = fields(
        {f"place.{first}": "1", f"weight.{first}": "3"},
        mms_enabled="on",
        rate="5",
        gateway_choice="weight",
        append_text="",
        **{"prices.sms": "0.01", "prices.currency": "credits"},
    )
    assert (await send(ann, where, **change)).headers["Location"] == "/settings/numbers?said=saved"
    kept = await admin.get(f"/senders/{made['id']}")
    assert (kept["gateway_ids"], kept["gateway_weights"], kept["gateway_choice"]) == ([first], {first: 3}, "weight")
    assert (kept["mms_enabled"], kept["rate"], kept["append_text"]) == (True, 5, None)
    assert kept["prices"] == {"sms": "0.01", "currency": "credits"}
    assert ">MMS</span>" in await see(ann, where)
    assert (await send(ann, where, **fields({}))).status == 303
    assert "Needs a gateway" in await see(ann, "/settings/numbers")
    assert "What it sent and received stays" in await see(ann, f"{where}/remove")
    assert (await send(ann, f"{where}/remove")).headers["Location"] == "/settings/numbers?said=removed"
    assert (await ann.ask("GET", f"/api/..{where}")).status == 404


@pytest.mark.parametrize(
    ("wrong", "name", "sentence"),
    [
        ({"value": ""}, "value", "Enter the number, name or address."),
        ({"value": "hello"}, "value", "hello"),
        ({"value": "+1 202 555 0100"}, "value", "is one of your senders already."),
        ({"kind": "alphanumeric", "value": "SHOP", "mms_enabled": "on"}, "mms_enabled", "Only phone numbers"),
        ({"kind": "pigeon"}, "kind", "Choose one of these."),
        ({"append_text": "x" * 1001}, "append_text", "1000"),
        ({"gateway_choice": ""}, "gateway_choice", "Choose one of these."),
        ({"rate": "-1"}, "rate", "Enter a number above 0"),
    ],
)
async def test_what_is_wrong_with_a_number_is_said_at_its_field(
    ann: Browser, wrong: dict[str, str], name: str, sentence: str
) -> None:
    reply = await send(ann, "/settings/numbers/new", **{**fields({}), **wrong})
    assert reply.status == 422
    assert sentence in told(reply.text, name)
    assert "Main &lt;line&gt;" in reply.text, "what was typed is still there"


async def test_a_weight_that_is_none_is_said_beside_its_gateway(ann: Browser, admin: Client) -> None:
    first, _ = await gateways(admin)
    reply = await send(
        ann,
        "/settings/numbers/new",
        **fields({f"place.{first}": "1", f"weight.{first}": "much"}, gateway_choice="weight"),
    )
    assert reply.status == 422
    assert re.search(r'value="much"[^>]*aria-invalid="true"', reply.text)
    heavy = await send(ann, "/settings/numbers/new", **fields({f"place.{first}": "1", f"weight.{first}": "1001"}))
    assert heavy.status == 422
    assert re.search(r'role="alert">.*?<p>[^<]*1000', heavy.text, re.DOTALL)


async def test_a_pool_is_made_changed_and_removed(ann: Browser, admin: Client) -> None:
    first, second = [one["id"] for one in (await admin.get("/senders"))["items"]][:2]
    bad = await send(ann, "/settings/pools/new", name=" ", **{f"sender.{first}": "on"})
    assert (bad.status, told(bad.text, "name")) == (422, "Give it a name.")
    assert re.search(rf'name="sender\.{first}" value="on" checked', bad.text), "what was ticked is still"
    made = await send(ann, "/settings/pools/new", name="Sup<port>", sticky="on", **{f"sender.{first}": "on"})
    assert made.status == 303
    pool = (await admin.get("/pools"))["items"][0]
    assert (pool["name"], pool["sender_ids"], pool["sticky"], pool["nearest"]) == ("Sup<port>", [first], True, False)
    assert "Sup&lt;port&gt;</a>" in await see(ann, "/settings/pools")
    where = f"/settings/pools/{pool['id']}"
    taken = await send(ann, "/settings/pools/new", name="sup<PORT>")
    assert (taken.status, "already" in told(taken.text, "name")) == (422, True)
    both = {f"sender.{first}": "on", f"sender.{second}": "on"}
    assert (await send(ann, where, name="Support", nearest="on", **both)).status == 303
    kept = await admin.get(f"/pools/{pool['id']}")
    assert (kept["name"], kept["sender_ids"], kept["sticky"], kept["nearest"]) == (
        "Support",
        [first, second],
        False,
        True,
    )
    assert "In Support" in await see(ann, "/settings/numbers")
    assert "Its numbers stay." in await see(ann, f"{where}/remove")
    assert (await send(ann, f"{where}/remove")).status == 303
    assert "No pool yet" in await see(ann, "/settings/pools?said=removed")
