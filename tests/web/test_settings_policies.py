"""Policies and presets in the settings, without script: each is set through the page, a preset seen before it holds."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest

from gateway.domain.policy import dump_policy
from gateway.domain.presets import PRESETS
from gateway.domain.visibility import Role
from gateway.web.pages.settings.policy_words import LABELS
from gateway.web.pages.settings.presets import NAMES
from tests.web.client import Client
from tests.web.conftest import World
from tests.web.test_settings_frame import see, send, signed_in, told
from tests.web.test_sign_in import Browser

WHERE = "/settings/policies"


@pytest.fixture
async def ann(world: World) -> Browser:
    return await signed_in(world, Role.ADMINISTRATOR)


def filled(page: str) -> dict[str, str]:
    """What a browser would send of the form as it stands."""
    form = page[page.index('<form method="post" action="/settings/policies" ') :]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        given = dict(re.findall(r'(\S+?)="([^"]*)"', tag))
        if given.get("type") in {"radio", "checkbox"} and " checked" not in tag:
            continue
        if "name" in given:
            found[given["name"]] = unescape(given.get("value", ""))
    for name, options in re.findall(r'<select[^>]* name="([^"]*)".*?>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[unescape(name)] = unescape(chosen[1]) if chosen else ""
    found.pop("csrf", None)
    return found


def test_every_policy_and_preset_has_words() -> None:
    assert set(LABELS) == set(dump_policy(PRESETS["chat"]))
    assert set(NAMES) == set(PRESETS)


@pytest.mark.parametrize("preset", PRESETS)
async def test_the_form_as_it_stands_changes_nothing(ann: Browser, admin: Client, preset: str) -> None:
    quiet = {"start": "21:30", "end": "07:00", "timezone": "Europe/Paris"}
    policy = {"quiet_hours": quiet, "idle_complete_after": 5400, "idle_seal_after": 172_800, "default_country": "GB"}
    before = (await admin.patch("/workspace", {"preset": preset, "policy": policy})).body
    assert (await send(ann, WHERE, **filled(await see(ann, WHERE)))).headers["Location"] == f"{WHERE}?said=saved"
    assert (await admin.get("/workspace")).body == before


EVERY_POLICY: Mapping[str, Any] = {
    "name": "Harbour & <Pine>",
    "policy.after_inbound": "reopen_within",
    "number.after_inbound": "9",
    "policy.after_outbound": "stay",
    "policy.complete_repeat": "once",
    "policy.close_label": "close",
    "policy.visibility": "group",
    "policy.reopen_owner": "unassign",
    "policy.snooze_wake": "hold",
    "policy.long_text": "mms_over",
    "number.long_text": "320",
    "policy.natural_only": "on",
    "policy.restrict_closed": "on",
    "policy.confirm_close": "on",
    "policy.stop_phrases": "no longer a customer\r\n\r\nPaus  nu",
    "policy.open_cap": "50",
    "policy.segment_limit": "12",
    "policy.first_reply_target": "7.5",
    "policy.idle_complete_after": "1.5",
    "policy.idle_seal_after": "2",
    "policy.default_country": "DE",
    "quiet.on": "on",
    "quiet.start": "22:00",
    "quiet.end": "06:30",
    "quiet.timezone": "America/New_York",
    "step.explicit": "1",
    "step.last_used": "",
    "step.inbound_to": "3",
    "step.gateway_default": "",
    "step.pool(Support, west)": "2",
}


async def test_every_policy_is_set_through_the_page(ann: Browser, admin: Client) -> None:
    await admin.made("/pools", {"name": "Support, west"})
    page = filled(await see(ann, WHERE))
    assert (await send(ann, WHERE, **{**page, **EVERY_POLICY})).status == 303
    workspace = await admin.get("/workspace")
    assert workspace["name"] == "Harbour & <Pine>"
    assert workspace["policy"] == {
        "after_inbound": "reopen_within(9)",
        "after_outbound": "stay",
        "complete_repeat": "once",
        "visibility": "group",
        "restrict_closed": True,
        "sender_chain": ["explicit", "pool(Support, west)", "inbound_to"],
        "long_text": "mms_over(320)",
        "natural_only": True,
        "snooze_wake": "hold",
        "reopen_owner": "unassign",
        "idle_complete_after": 5400,
        "idle_seal_after": 172_800,
        "first_reply_target": 450,
        "segment_limit": 12,
        "open_cap": 50,
        "quiet_hours": {"start": "22:00", "end": "06:30", "timezone": "America/New_York"},
        "default_country": "DE",
        "close_label": "close",
        "confirm_close": True,
        "stop_phrases": ["no longer a customer", "Paus nu"],
    }
    assert "In use, changed" in await see(ann, WHERE)


@pytest.mark.parametrize(
    ("wrong", "name", "sentence"),
    [
        ({"policy.segment_limit": "256"}, "policy.segment_limit", "Must be a whole number from 1 to 255."),
        ({"policy.open_cap": "0"}, "policy.open_cap", "Must be a whole number from 1 to 10000."),
        ({"policy.open_cap": ""}, "policy.open_cap", "Enter a whole number, such as 10."),
        ({"policy.idle_seal_after": "soon"}, "policy.idle_seal_after", "Enter a number, such as 2.5."),
        ({"quiet.on": "on", "quiet.timezone": "Mars"}, "quiet.start", "'Mars' is not a time zone"),
        ({"policy.stop_phrases": "ok\n!!"}, "policy.stop_phrases", "“ok” must have 3 to 80 letters and digits."),
        ({"name": ""}, "name", "Give it a name."),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(
    ann: Browser, wrong: dict[str, str], name: str, sentence: str
) -> None:
    page = filled(await see(ann, WHERE))
    reply = await send(
        ann, WHERE, **{**page, "policy.after_inbound": "new", "policy.first_reply_target": "7.5", **wrong}
    )
    assert reply.status == 422
    assert sentence in told(reply.text, name)
    assert re.search(r'name="policy.after_inbound" value="new" checked', reply.text), "what was chosen is still"
    assert 'value="7.5"' in reply.text, "and what was typed"


async def test_what_is_wrong_with_a_choice_is_said_in_its_box(ann: Browser) -> None:
    page = filled(await see(ann, WHERE))
    for wrong, sentence in [
        ({"policy.after_inbound": "reopen_within", "number.after_inbound": ""}, "Enter a whole number, such as 10."),
        ({"policy.long_text": "mms_over", "number.long_text": "0"}, "Must be a whole number from 1 to 100000."),
        ({"policy.visibility": "nobody"}, "Choose one of these."),
        ({name: "" for name in page if name.startswith("step.")}, "Must be a list of at least one resolver."),
    ]:
        reply = await send(ann, WHERE, **{**page, **wrong})
        assert reply.status == 422
        assert re.search(rf'class="err[^>]*>.*?</svg>{re.escape(sentence)}</span>', reply.text), sentence


async def test_a_preset_says_what_it_would_change_before_it_does(ann: Browser, admin: Client) -> None:
    await admin.patch("/workspace", {"policy": {"default_country": "FR"}})
    page = await see(ann, f"{WHERE}?preset=case-desk")
    preview = page[page.index('id="preview"') : page.index('action="/settings/policies/preset"')]
    told_changes = re.findall(r'plain-th">(.*?)</th><td class="t2">(.*?)</td><td class="b">(.*?)</td>', preview)
    assert {unescape(label): (before, after) for label, before, after in told_changes} == {
        "When somebody writes again after a conversation ended": ("Open it again", "Begin a new one"),
        "When one of you writes after it ended": ("Open it again", "Begin a new one"),
        "What agents see": ("Every conversation", "Theirs and unassigned ones"),
        "What the Close button does": ("Completes", "Closes for good"),
        "Ask before closing one conversation": ("Off", "On"),
    }
    assert (await admin.get("/workspace"))["preset"] == "inbox-zero", "looking changes nothing"
    assert (await send(ann, f"{WHERE}/preset", preset="case-desk")).headers["Location"] == f"{WHERE}?said=preset"
    workspace = await admin.get("/workspace")
    assert (workspace["preset"], workspace["policy"]["default_country"]) == ("case-desk", "FR")
    assert "Nothing: every policy is like that already." in await see(ann, f"{WHERE}?preset=case-desk")
    assert (await send(ann, f"{WHERE}/preset", preset="none")).status == 404
