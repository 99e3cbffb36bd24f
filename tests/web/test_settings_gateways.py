"""Gateways in the settings, without script: added, changed, switched and removed by forms that say what is wrong."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest

from gateway.domain.visibility import Role
from gateway.host.settings_form import describe
from gateway.sdk import secret, setting
from gateway.web.language import ENGLISH
from gateway.web.pages.settings.plugin_fields import drawn
from tests.web.conftest import World
from tests.web.test_settings_frame import see, send, signed_in, told
from tests.web.test_sign_in import Browser

SECRET = "swordfish-and-chips"
SMPP = {
    "plugin": "sms_smpp",
    "name": "Carrier <b>",
    "settings.host": "127.0.0.1",
    "settings.port": "2775",
    "settings.system_id": "shop",
    "settings.password": SECRET,
    "settings.bind": "transceiver",
    "settings.window": "",
    "rate": "2,5",
    "prices.currency": "EUR",
    "prices.sms": "0.07",
    "prices.to": "+44 sms 0.04 mms 0.1\n\n+4477 sms 0.05",
}


@pytest.fixture
async def ann(world: World) -> Browser:
    return await signed_in(world, Role.ADMINISTRATOR)


async def test_a_gateway_is_added_by_a_form_made_from_its_plugin(ann: Browser, world: World) -> None:
    empty = await see(ann, "/settings/gateways/new?plugin=sms_smpp")
    assert re.search(r'name="settings.port" value="2775"', empty), "the plugin's default"
    assert "One bind for both directions" in empty, "the plugin's hint"
    assert re.search(r'type="password" id="f-settings-password"[^>]*value=""', empty)
    made = await send(ann, "/settings/gateways/new", **SMPP)
    assert made.status == 303, made.text
    path = made.headers["Location"].partition("?")[0]
    page = await see(ann, made.headers["Location"])
    assert "The gateway was added." in page
    assert SECRET not in page
    assert "Kept. Type to replace it." in page
    assert "<h1>Carrier &lt;b&gt;</h1>" in page
    stored = await (await world.someone(Role.ADMINISTRATOR)).get(f"/gateways/{path.rpartition('/')[2]}")
    assert stored["rate"] == 2.5
    assert stored["settings"]["window"] == 10, "what is left empty is the default"
    assert stored["prices"] == {
        "currency": "EUR",
        "sms": "0.07",
        "to": {"+44": {"sms": "0.04", "mms": "0.1"}, "+4477": {"sms": "0.05"}},
    }
    assert re.search(r"\+44 sms 0\.04 mms 0\.1\n\+4477 sms 0\.05</textarea>", page)
    assert 'href="/settings/gateways" hx-get' in page
    cards = await see(ann, "/settings/gateways")
    assert f'<a class="cover" href="{path}">Carrier &lt;b&gt;</a>' in cards
    assert "It serves no number yet." in cards


@pytest.mark.parametrize(
    ("fields", "name", "sentence"),
    [
        ({"name": " "}, "name", "Give it a name."),
        ({"name": "Simulator"}, "name", "There is a gateway called “Simulator” already. Choose another name."),
        ({"settings.host": ""}, "settings.host", "This setting is required."),
        ({"settings.port": "many"}, "settings.port", "Enter a whole number, such as 10."),
        ({"settings.window": "0"}, "settings.window", "Must be at least 1."),
        ({"settings.bind": "both"}, "settings.bind", "Choose one of these."),
        ({"rate": "0"}, "rate", "Enter a number above 0, up to 100000. Empty: no limit."),
        (
            {"prices.currency": "euro"},
            "prices.currency",
            "A currency is three capital letters such as USD, or credits.",
        ),
        ({"prices.to": "+44 0.04"}, "prices.to", "“+44 0.04” is not like: +44 sms 0.04"),
        (
            {"prices.to": "44 sms 0.04"},
            "prices.to",
            "A destination is the beginning of a number, such as +44 or +1415.",
        ),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(
    ann: Browser, fields: dict[str, str], name: str, sentence: str
) -> None:
    reply = await send(ann, "/settings/gateways/new", **{**SMPP, **fields})
    assert reply.status == 422
    assert told(reply.text, name) == sentence
    assert 'value="shop"' in reply.text, "what was typed is still there"
    assert SECRET not in reply.text, "but no secret"
    again = re.search(r'type="password" id="f-settings-password"[^>]*>.*?</div>', reply.text, re.DOTALL)
    assert again, reply.text
    assert " required" in again[0], "which would be missing unseen, so that it has to be typed again"
    assert "Type it again: a secret is never sent back." in again[0]


async def test_what_belongs_to_no_field_is_said_above_them(ann: Browser) -> None:
    reply = await send(ann, "/settings/gateways/new", **{**SMPP, "settings.port": "70000"})
    assert reply.status == 422
    assert re.search(r'role="alert">.*?<p>70000 is no port: those go up to 65535\.</p>', reply.text, re.DOTALL)
    assert (await send(ann, "/settings/gateways/new", plugin="sms_smp", name="x")).status == 422
    forged = await ann.ask("POST", "/api/../settings/gateways/new", data={**SMPP, "csrf": "guessed"})
    assert forged.status == 403


async def test_a_secret_stays_until_it_is_replaced_or_forgotten(ann: Browser, world: World) -> None:
    where = (await send(ann, "/settings/gateways/new", **SMPP)).headers["Location"].partition("?")[0]
    directory = world.state.directory

    async def password() -> str:
        workspace = (await directory.workspace_ids())[0]
        view = await directory.get(workspace)
        found = next(one for one in view.gateways.values() if one.plugin == "sms_smpp")
        channel = world.state.channels.make(found)
        return str(channel.settings.password)

    for fields, expected in [
        ({"settings.password": "", "name": "Carrier"}, SECRET),
        ({"settings.password": "another one"}, "another one"),
        ({"settings.password": "", "forget.password": "on"}, ""),
    ]:
        assert (await send(ann, where, **{**SMPP, **fields})).status == 303
        assert await password() == expected
    assert "Kept. Type to replace it." not in await see(ann, where)
    wrong = await send(ann, where, **{**SMPP, "settings.system_id": ""})
    assert (wrong.status, told(wrong.text, "settings.system_id")) == (422, "This setting is required.")


@dataclass(frozen=True, slots=True)
class Account:
    token: str = secret()
    next_token: str = secret("")


@dataclass(frozen=True, slots=True)
class Words:
    words: Mapping[str, str] = setting({"OK": "sent"}, hint="Its words.")
    closed: Sequence[int] = setting([404])


def test_a_form_says_how_lists_and_mappings_are_written() -> None:
    words, closed = drawn(describe(Words), {}, ENGLISH)
    assert (words.hint, closed.hint) == ("Its words. A JSON object.", "One a line.")
    assert (json.loads(words.value), closed.value) == ({"OK": "sent"}, "404")


def test_only_a_secret_that_may_be_missing_can_be_forgotten() -> None:
    fields = drawn(describe(Account), {}, ENGLISH, kept={"token", "next_token"})
    assert {field.name: field.forgettable for field in fields} == {"settings.token": False, "settings.next_token": True}
    assert not any(field.required for field in fields), "an empty field keeps what is there"


async def test_a_gateway_is_tested_switched_and_removed(ann: Browser, world: World) -> None:
    gateway = (await (await world.someone(Role.ADMINISTRATOR)).get("/gateways"))["items"][0]
    where = f"/settings/gateways/{gateway['id']}"
    page = await see(ann, where)
    assert gateway["urls"]["inbound"] in page
    tested = await send(ann, f"{where}/test")
    assert tested.status == 200
    assert re.search(r'id="tested"[^>]*><div class="callout callout-green', tested.text)
    for verb, label in [("pause", "Paused"), ("resume", "Healthy"), ("off", "Off"), ("on", "Healthy")]:
        moved = await send(ann, f"{where}/{verb}")
        assert moved.headers["Location"] == f"{where}?said={verb}"
        assert re.search(rf'id="state".*?</svg>{label}</span>', await see(ann, where), re.DOTALL), verb
    log = await see(ann, f"{where}/log")
    assert f"<h1>Log of {gateway['name']}</h1>" in log
    assert "Serves" in await see(ann, f"{where}/remove"), "the question tells what it serves"
    gone = await send(ann, f"{where}/remove")
    assert gone.headers["Location"] == "/settings/gateways?said=removed"
    assert "The gateway was removed." in await see(ann, gone.headers["Location"])
    assert (await ann.ask("GET", f"/api/..{where}")).status == 404


async def test_a_supervisor_neither_sees_nor_changes_any_of_it(world: World) -> None:
    gateway = (await (await world.someone(Role.ADMINISTRATOR)).get("/gateways"))["items"][0]
    tom = await signed_in(world, Role.SUPERVISOR)
    where = f"/settings/gateways/{gateway['id']}"
    for method, path in [("GET", ""), ("GET", "/log"), ("POST", "/pause"), ("POST", "/test"), ("POST", "/remove")]:
        reply = await (send(tom, where + path) if method == "POST" else tom.ask("GET", f"/api/..{where}{path}"))
        assert reply.status == 403, f"{method} {path}"
        assert gateway["token"] not in reply.text
