"""The audit trail over HTTP: who reads it, how it is narrowed, and that it tells of itself."""

import csv
import io
import typing
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

from gateway.core.audited import ACTIONS, SHOWN
from gateway.core.decisions.tags import PALETTE
from gateway.domain.automation import OncePer
from gateway.domain.chat import Told
from gateway.domain.consent import Purpose
from gateway.domain.events import EventType
from gateway.domain.presets import PRESETS
from gateway.domain.retention import KINDS
from gateway.domain.visibility import Role
from gateway.web.pages.settings.audit_values import in_words
from gateway.web.pages.settings.audit_words import FIELDS, WORDS
from tests.web.client import Client
from tests.web.conftest import World
from tests.web.test_page_sight import browser_of
from tests.web.test_sign_in import browser, link_of

PAGE = "/api/../settings/audit"


def test_every_action_has_words() -> None:
    named = {one.action for one in ACTIONS.values() if isinstance(one.action, str)}
    told = {"second_step_refused", "recovery_code_used", "user_linked", "user_joined"}
    told |= {"workspace_suspended", "workspace_resumed", "keyword_created", "keyword_changed"}
    told |= {"form_created", "form_changed", "poll_created"}
    assert named | told == set(WORDS)


async def test_sign_ins_right_and_wrong_with_where_they_came_from(world: World, admin: Client) -> None:
    ann = browser(world)
    await ann.accept(link_of(world))
    await ann.sign_in(password="wrong, all of it")
    await browser(world).sign_in("nobody@team.example", "wrong, all of it")
    await ann.sign_in(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})

    async def told() -> bool:
        lines = (await admin.get("/audit?actions=sign_in_failed"))["items"]
        return len(lines) == 1

    await admin.until(told)
    failed = (await admin.get("/audit?actions=sign_in_failed"))["items"][0]
    assert (failed["subject"], failed["address"], failed["actor"]) == ("Ann Example", "127.0.0.1", "system")
    assert failed["details"] == {"email": "ann@team.example", "reason": "password"}
    line = (await admin.get("/audit?actions=signed_in&limit=1"))["items"][0]
    assert (line["actor_name"], line["details"]["method"]) == ("Ann Example", "password")
    page = await ann.ask("GET", f"{PAGE}?what=signing-in")
    assert "Firefox on Linux" in page.text
    assert "Sign-in failed" in page.text


async def test_it_is_narrowed_paged_and_read_by_administrators_alone(
    world: World, admin: Client, supervisor: Client, agent: Client
) -> None:
    for n in range(5):
        await admin.made("/tags", {"name": f"tag {n}"})
    me = (await admin.get("/users/me"))["id"]
    first = await admin.get(f"/audit?user={me}&actions=tag_created,tag_removed&limit=3")
    assert [one["subject"] for one in first["items"]] == ["tag 4", "tag 3", "tag 2"]
    rest = await admin.get(f"/audit?user={me}&actions=tag_created,tag_removed&limit=3&cursor={first['next']}")
    assert ([one["subject"] for one in rest["items"]], rest["next"]) == (["tag 1", "tag 0"], None)
    assert (await admin.get("/audit?from=2090-01-01T00:00:00Z"))["items"] == []
    assert len((await admin.get("/audit?to=2090-01-01T00:00:00Z&actions=tag_created"))["items"]) == 5
    assert (await admin.get("/audit?from=yesterday")).status == 422
    for client in (supervisor, agent):
        assert (await client.get("/audit")).status == 403
    tom = await browser_of(world, admin, "tom@team.example", Role.SUPERVISOR)
    assert (await tom.ask("GET", PAGE)).status == 403
    assert (await tom.ask("GET", f"{PAGE}/trail.csv")).status == 403


async def test_policies_are_told_as_their_form_says_them(world: World, admin: Client) -> None:
    hours = {"start": "21:00", "end": "08:00", "timezone": "Europe/Paris"}
    await admin.patch("/workspace", {"policy": {"after_inbound": "reopen_within(3)", "quiet_hours": hours}})
    ann = await browser_of(world, admin, "ann@team.example", Role.ADMINISTRATOR)
    page = (await ann.ask("GET", f"{PAGE}?what=workspace")).text
    assert "policy." not in page
    for told in ("When somebody writes again after a conversation ended", "Open it again within 3 days", "Quiet hours"):
        assert told in page, told


async def test_the_table_is_safe_in_a_spreadsheet_and_taking_it_is_told(world: World, admin: Client) -> None:
    await admin.made("/tags", {"name": "=cmd|' /C calc'!A0"})
    ann = await browser_of(world, admin, "ann@team.example", Role.ADMINISTRATOR)
    table = await ann.ask("GET", f"{PAGE}/trail.csv?what=rules")
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert [row["subject"] for row in rows] == ["'=cmd|' /C calc'!A0"]
    line = (await admin.get("/audit?limit=1"))["items"][0]
    assert (line["action"], line["details"]) == ("exported", {"what": "audit"})
    for path in (f"{PAGE}?from=nonsense&to=9999-12-31", f"{PAGE}?from=0001-01-01"):
        assert (await ann.ask("GET", path)).status in {200, 422}, path
    assert (await ann.ask("GET", f"{PAGE}?before=nonsense")).status == 404


async def test_how_long_it_is_kept_is_the_workspaces(admin: Client) -> None:
    assert (await admin.get("/workspace"))["retention"]["audit"] == 730
    assert (await admin.patch("/workspace", {"retention": {"audit": 3}})).status == 422
    assert (await admin.patch("/workspace", {"retention": {"audit": 90}}))["retention"]["audit"] == 90
    assert (await admin.patch("/workspace", {"retention": {"audit": None}}))["retention"]["audit"] == 730


def test_whatever_may_be_told_has_words() -> None:
    told = {name for names in SHOWN.values() for name in names}
    assert told <= set(FIELDS)


def enumerated(kind: type, name: str) -> list[str]:
    """The values of a field of the trail that are a choice."""
    hint = typing.get_type_hints(kind)[name]
    found = [one for one in (hint, *typing.get_args(hint)) if isinstance(one, type) and issubclass(one, StrEnum)]
    return [str(value) for one in found for value in one]


async def test_every_choice_is_said_in_words(world: World, admin: Client) -> None:
    """Of each field that is told, whatever it can be set to: nothing is shown as it is stored."""
    choices = {name: values for kind, names in SHOWN.items() for name in names if (values := enumerated(kind, name))}
    assert {"role", "kind", "gateway_choice", "match", "voters", "state"} <= set(choices)
    known = {
        "colour": PALETTE,
        "preset": PRESETS,
        "once_per": OncePer,
        "purpose": Purpose,
        "of": Told,
        "when": EventType,
    }
    choices |= {name: list(map(str, values)) for name, values in known.items()}
    choices |= {"plugin": list(world.state.registry.channels), "notifier": list(world.state.notifiers.types)}
    choices["method"] = choices["reason"] = ["password", "oidc"]
    choices["what"] = ["workspace", "audit", "contact", "list", "campaign", "form", "poll"]
    desk: Any = SimpleNamespace(language=SimpleNamespace(gettext=lambda words: words.upper()), state=world.state)
    raw = [
        (name, value)
        for name, values in choices.items()
        for value in values
        if not (said := in_words(desk, name, value)).isupper() or "_" in said
    ]
    assert raw == []
    assert in_words(desk, "retention", dict.fromkeys(KINDS, 30)).keys().isdisjoint(KINDS)
    assert in_words(desk, "roles", {"staff": "agent"}) == {"staff": "AGENT"}
    await admin.made("/senders", {"kind": "short_code", "value": "72001"})
    ann = await browser_of(world, admin, "ann@team.example", Role.ADMINISTRATOR)
    page = (await ann.ask("GET", f"{PAGE}?what=channels")).text
    assert "Short code" in page
    assert "short_code" not in page
