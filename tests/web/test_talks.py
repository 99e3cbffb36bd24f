"""Keywords, forms and polls over the API, texted by the simulator's phones."""

import asyncio
import csv
import io
from collections.abc import Callable
from typing import Any

from gateway.domain.visibility import Role
from tests.web.client import Client
from tests.web.conftest import Phone, World

Phones = Callable[..., Phone]
FORM: dict[str, Any] = {
    "name": "Sizes",
    "questions": [
        {"text": "Which size?", "type": "choice", "key": "size", "choices": [{"label": "Small"}, {"label": "Large"}]},
        {"text": "When, {{ answers.size }}?", "type": "date", "date_order": "month_first", "wrong": "A date, please."},
    ],
    "thanks": "Thanks.",
    "timeout": 600,
}
POLL: dict[str, Any] = {
    "name": "Colours",
    "question": "Which colour?",
    "choices": [{"label": "Red", "words": ["crimson"]}, {"label": "Blue"}],
    "thanks": "Counted: {{ answers.choice | default: '' }}",
}


async def said(admin: Client, contact: Phone, least: int) -> list[str]:
    """What the thread of a number holds, once there is that much of it."""
    value = contact.number.replace("+", "%2B")
    thread = await admin.put(f"/threads/by-address/phone/{value}")
    for _ in range(1200):
        entries = (await admin.get(f"/threads/{thread['id']}/entries?types=message"))["items"]
        if len(entries) >= least:
            break
        await asyncio.sleep(0.05)
    return [f"{one['message']['nature']}: {one['message']['body']}" for one in entries]


async def test_a_keyword_from_making_to_removing(admin: Client, world: World, phone: Phones) -> None:
    known, tag = await admin.made("/lists", {"name": "Fair"}), await admin.made("/tags", {"name": "New"})
    body = {"words": ["JOIN", "Join!"], "answer": "Welcome.", "add_to_list": known["id"], "tag": "new"}
    made = await admin.made("/keywords", body)
    assert (made["words"], made["match"], made["senders"], made["consent"]) == (["JOIN"], "whole", [], True)
    assert (made["tag"], made["add_to_list"], made["vote"], made["help"]) == (tag["name"], known["id"], None, False)
    taken = await admin.post("/keywords", {"words": ["jóin"], "answer": "Mine"})
    assert (taken.status, taken["type"].rpartition("/")[2]) == (409, "word-taken")
    assert "JOIN" in taken["detail"]
    legal = await admin.post("/keywords", {"words": ["Stop"], "answer": "Ha"})
    assert (legal.status, legal["errors"][0]["field"]) == (422, "words")
    for wrong, field in (({"words": ["A"], "answer": "B", "tag": "nothing"}, "tag"), ({"words": ["A"], "x": 1}, "x")):
        refused = await admin.post("/keywords", wrong)
        assert (refused.status, refused["errors"][0]["field"]) == (422, field)
    tried = await admin.post("/keywords/try", {"text": " join ", "to": "+12025550100"})
    assert tried.body == {
        "nature": "keyword",
        "law": None,
        "keyword": made["id"],
        "vote": None,
        "wants_out": False,
    }
    assert (await admin.post("/keywords/try", {"text": "STOP"}))["law"] == "stop"
    assert (await admin.post("/keywords/try", {"text": "please stop texting me"}))["wants_out"] is True
    maya = phone("+12025550171")
    await maya.text("Join")
    assert await said(admin, maya, 2) == ["keyword: Join", "keyword: Welcome."]
    assert await maya.conversation() is None
    path = f"/keywords/{made['id']}"
    assert ((await admin.get(path))["people"], (await admin.get("/keywords"))["items"][0]["times"]) == (1, 1)
    contact = (await admin.get("/contacts?q=12025550171"))["items"][0]
    [proof] = (await admin.get(f"/contacts/{contact['id']}/consent"))["items"]
    assert (proof["state"], proof["words"], proof["source"], proof["sender_scope"]) == (
        *("subscribed", "Join", "contact", "+12025550100"),
    )
    assert len((await admin.get(f"/lists/{known['id']}/members"))["items"]) == 1
    agent = await world.someone(Role.AGENT)
    assert ((await agent.get(path)).status, (await agent.patch(path, {"enabled": False})).status) == (200, 403)
    changed = await admin.patch(path, {"answer": None, "senders": ["+12025550100"], "match": "first"})
    assert (changed["answer"], len(changed["senders"]), changed["match"]) == (None, 1, "first")
    assert (await admin.delete(path)).status == 204
    assert (await admin.get(path)).status == 404


async def test_a_form_from_start_to_table(admin: Client, world: World, phone: Phones) -> None:
    form = await admin.made("/forms", FORM)
    assert [one["key"] for one in form["questions"]] == ["size", "answer_2"]
    path = f"/forms/{form['id']}"
    agent = await world.someone(Role.AGENT)
    assert (await agent.get(f"{path}/results"))["questions"][0]["answered"] == 0
    once = {"Idempotency-Key": "begin-once"}
    begun = await agent.post(f"{path}/start", {"to": "+12025550172"}, headers=once)
    assert (begun.status, begun["state"], begun["waiting_for"]) == (201, "running", "size")
    assert (await agent.post(f"{path}/start", {"to": "+12025550172"}, headers=once)).body == begun.body
    assert (await agent.post(f"{path}/start", {"to": "+12025550172"})).status == 409
    assert (await agent.post(f"{path}/start", {"to": "2025550172"})).status == 422
    assert (await agent.post(f"{path}/start", {})).status == 422
    maya = phone("+12025550172")
    for text in ("huge", "2", "soon", "12/31/2030"):
        await maya.text(text)
    assert await said(admin, maya, 9) == [
        *("form: Which size?\n1 Small\n2 Large", "form: huge", "form: Please answer with a number from 1 to 2."),
        *("form: 2", "form: When, Large?", "form: soon", "form: A date, please."),
        *("form: 12/31/2030", "form: Thanks."),
    ]
    done = await admin.get(f"{path}/responses/{begun['id']}")
    assert [(one["key"], one["value"], one["said"]) for one in done["answers"]] == [
        *(("size", "Large", "2"), ("answer_2", "2030-12-31", "12/31/2030")),
    ]
    ben = phone("+12025550173")
    second = await admin.post(f"{path}/start", {"to": ben.number})
    stopped = await agent.post(f"{path}/responses/{second['id']}/stop")
    assert (stopped["state"], (await agent.post(f"{path}/responses/{second['id']}/stop")).status) == ("stopped", 409)
    page = await admin.get(f"{path}/responses?limit=1")
    assert page["items"][0]["id"] == second["id"]
    rest = await admin.get(f"{path}/responses?limit=1&cursor={page['next']}")
    assert ([one["state"] for one in rest["items"]], rest["next"]) == (["completed"], None)
    assert len((await admin.get(f"{path}/responses?state=completed"))["items"]) == 1
    assert (await admin.get(path))["responses"] == {"completed": 1, "stopped": 1}
    rows = list(csv.reader(io.StringIO((await admin.get(f"{path}/export")).text.removeprefix("\ufeff"))))
    assert rows[0] == ["Contact", "Name", "Address", "State", "Started", "Ended", "size", "answer_2"]
    assert [row[2:4] + row[6:] for row in rows[1:]] == [
        *(["'+12025550173", "stopped", "", ""], ["'+12025550172", "completed", "Large", "2030-12-31"]),
    ]
    assert (await agent.get(f"{path}/export")).status == 403
    results = await agent.get(f"{path}/results")
    assert results["responses"] == {"completed": 1, "stopped": 1}
    size, when = results["questions"]
    assert [(one["value"], one["count"]) for one in size["counts"]] == [("Small", 0), ("Large", 1)]
    assert (when["type"], when["answered"], when["counts"], when["mean"]) == ("date", 1, [], None)
    wrong = await admin.patch(path, {"way_out": "stop"})
    assert (wrong.status, wrong["errors"][0]["field"]) == (422, "way_out")
    shorter = await admin.patch(path, {"questions": FORM["questions"][:1], "enabled": False})
    assert (len(shorter["questions"]), shorter["enabled"]) == (1, False)
    assert (await admin.post(f"{path}/start", {"to": "+12025550174"})).status == 409
    assert (await admin.delete(path)).status == 204


async def test_a_poll_from_asking_to_closing(admin: Client, phone: Phones) -> None:
    poll = await admin.made("/polls", POLL)
    assert (poll["state"], poll["votes"], poll["voters"], poll["change_allowed"]) == ("open", 0, "asked", True)
    path = f"/polls/{poll['id']}"
    maya = phone("+12025550175")
    asked = await admin.post(f"{path}/ask", {"to": maya.number})
    assert (asked.status, asked["nature"], asked["body"]) == (202, "poll", "Which colour?\n1 Red\n2 Blue")
    await maya.text("Crimson")
    assert (await said(admin, maya, 3))[1:] == ["poll: Crimson", "poll: Counted: Red"]
    word = await admin.made("/keywords", {"words": ["BLUE"], "vote": {"poll": poll["id"], "choice": "2"}})
    assert word["vote"] == {"poll": poll["id"], "choice": "Blue"}
    await phone("+12025550176").text("blue")
    assert (await admin.get(f"{path}/results")).body == {
        "poll": poll["id"],
        "state": "open",
        "total": 2,
        "choices": [{"number": 1, "label": "Red", "votes": 1}, {"number": 2, "label": "Blue", "votes": 1}],
    }
    people = [one["id"] for one in (await admin.get("/contacts"))["items"]]
    page = await admin.get(f"{path}/votes?limit=1")
    rest = await admin.get(f"{path}/votes?limit=1&cursor={page['next']}")
    assert {page["items"][0]["choice"], rest["items"][0]["choice"]} == {"Red", "Blue"}
    await admin.post(f"/contacts/{people[0]}/merge", {"into": people[1]})
    assert (await admin.get(f"{path}/results"))["total"] == 1
    rows = list(csv.reader(io.StringIO((await admin.get(f"{path}/export")).text.removeprefix("\ufeff"))))
    assert (rows[0][3:5], len(rows)) == (["Number", "Choice"], 2)
    assert (await admin.post(f"{path}/close"))["state"] == "closed"
    assert (await admin.post(f"{path}/ask", {"to": "+12025550177"})).status == 409
    assert (await admin.post(f"{path}/open"))["state"] == "open"
    later = await admin.patch(path, {"opens_at": "2090-01-01T00:00:00Z", "closes_at": "2090-02-01T00:00:00Z"})
    assert (later["state"], later["closes_at"]) == ("scheduled", "2090-02-01T00:00:00Z")
    assert (await admin.delete(path)).status == 409
    assert (await admin.delete(f"/keywords/{word['id']}")).status == 204
    assert (await admin.delete(path)).status == 204


async def test_an_automation_begins_a_form_and_answers_its_end(admin: Client, phone: Phones) -> None:
    form = await admin.made("/forms", {**FORM, "name": "Survey"})
    begin = {"type": "start_form", "form": "survey"}
    body = {"name": "Ask", "when": "conversation_completed", "then": [begin], "enabled": True}
    assert (await admin.made("/automations", body))["then"][0]["form"] in {form["id"], "survey"}
    thanks = {"type": "send_message", "body": "{{ event.data.form }} is done."}
    condition = {"field": "event.data.form", "op": "is", "value": "Survey"}
    await admin.made(
        "/automations", {"name": "End", "when": "form_completed", "if": [condition], "then": [thanks], "enabled": True}
    )
    assert (await admin.post("/automations", {**body, "then": [{**begin, "form": "Other"}]})).status == 422
    maya = phone("+12025550178")
    await maya.text("Hello")
    conversation = await maya.conversation()
    await admin.post(f"/conversations/{conversation['id']}/complete")
    assert (await said(admin, maya, 2))[1] == "form: Which size?\n1 Small\n2 Large"
    await maya.text("1")
    await maya.text("1/2/2030")
    assert (await said(admin, maya, 7))[-2:] == ["form: Thanks.", "auto: Survey is done."]
