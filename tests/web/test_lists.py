"""Lists of contacts over the API: who is on them, tables read in and taken out again."""

import asyncio
import csv
import io
from collections.abc import Callable
from typing import Any

from gateway.domain.visibility import Role
from tests.web.client import Client, Reply
from tests.web.conftest import Phone, World
from tests.web.test_media import upload

Phones = Callable[..., Phone]

HEAD = "First name,Last name,Mobile,E-mail,Tier,Time zone\n"


async def table(client: Client, text: str | bytes, **more: Any) -> Reply:
    content = text.encode() if isinstance(text, str) else text
    made = await upload(client, content, "people.csv", "text/csv")
    return await client.post("/imports", {"media": made["id"], **more})


async def finished(client: Client, started: Reply) -> Reply:
    assert started.status == 202, started.text
    for _ in range(1200):
        found = await client.get(f"/imports/{started['id']}")
        if found["state"] != "running":
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("the import never ended")


async def members(client: Client, list_id: str) -> list[Any]:
    return list((await client.get(f"/lists/{list_id}/members?limit=200"))["items"])


async def test_a_list_is_made_filled_renamed_and_removed(admin: Client, world: World) -> None:
    made = await admin.made("/lists", {"name": "VIP", "description": "Those who buy often"})
    assert (made["id"][:4], made["members"]) == ("lst_", 0)
    assert (await admin.post("/lists", {"name": "vip"})).status == 409
    people = [await admin.made("/contacts", {"name": f"P{n}", "addresses": [f"+1202555018{n}"]}) for n in range(3)]
    ids = [one["id"] for one in people]
    path = f"/lists/{made['id']}"
    assert (await admin.post(f"{path}/members", {"add": ids})).body == {"changed": 3}
    assert (await admin.post(f"{path}/members", {"add": ids[:1], "remove": ids[2:]})).body == {"changed": 1}
    assert (await admin.post(f"{path}/members", {})).status == 422
    assert (await admin.post(f"{path}/members", {"add": ["cnt_0000000000000"]})).status == 404
    assert [one["id"] for one in await members(admin, made["id"])] == [ids[1], ids[0]]
    page = await admin.get(f"{path}/members?limit=1")
    assert [one["id"] for one in page["items"]] == [ids[1]]
    rest = await admin.get(f"{path}/members?limit=1&cursor={page['next']}")
    assert ([one["id"] for one in rest["items"]], rest["next"]) == ([ids[0]], None)
    assert (await admin.get(f"{path}/members?cursor=nonsense")).status == 422
    agent = await world.someone(Role.AGENT)
    assert (await agent.post(f"{path}/members", {"add": ids[2:]})).body == {"changed": 1}
    assert (await agent.post("/lists", {"name": "Mine"})).status == 403
    assert (await agent.get(f"{path}/export")).status == 403
    renamed = await admin.patch(path, {"name": "Regulars", "description": None})
    assert (renamed["name"], renamed["description"], renamed["members"]) == ("Regulars", None, 3)
    assert [one["name"] for one in (await admin.get("/lists"))["items"]] == ["Regulars"]
    assert (await admin.delete(path)).status == 204
    assert (await admin.get(path)).status == 404
    assert (await admin.get(f"/contacts/{ids[0]}")).status == 200


async def test_who_was_merged_is_on_the_lists_of_both_once_and_erased_on_none(admin: Client) -> None:
    one, two = [
        await admin.made("/contacts", {"name": name, "addresses": [number]})
        for name, number in (("Ada", "+12025550171"), ("Ada L.", "+12025550172"))
    ]
    made = await admin.made("/lists", {"name": "Friends"})
    path = f"/lists/{made['id']}"
    await admin.post(f"{path}/members", {"add": [one["id"], two["id"]]})
    await admin.post(f"/contacts/{one['id']}/merge", {"into": two["id"]})
    assert [found["id"] for found in await members(admin, made["id"])] == [two["id"]]
    assert (await admin.get(path))["members"] == 1
    await admin.post(f"/contacts/{one['id']}/unmerge")
    assert (await admin.get(path))["members"] == 2
    await admin.post(f"/contacts/{one['id']}/merge", {"into": two["id"]})
    assert (await admin.post(f"{path}/members", {"remove": [two["id"]]}))["changed"] == 1
    assert await members(admin, made["id"]) == []
    await admin.post(f"{path}/members", {"add": [two["id"]]})
    assert (await admin.delete(f"/contacts/{two['id']}")).status == 204
    assert (await admin.get(path))["members"] == 0


async def test_a_table_is_looked_at_and_read_in(admin: Client, phone: Phones) -> None:
    await phone("+12025550161").text("Hello")
    known = (await phone("+12025550161").conversation())["contact"]["id"]
    made = await admin.made("/lists", {"name": "Spring"})
    text = HEAD + (
        'Ada,Example,"+1 202-555-0161",ada@customer.example,gold,Europe/Paris\n'
        "Bob,Example,+12025550162,,,\n"
        "\n"
        "Nobody,At all,,,,\n"
        "Cem,Example,12,,silver,\n"
        "Dan,Example,+12025550163,,,Mars/Base\n"
        "Eve,Example,,EVE@Customer.example,,\n"
    )
    file = await upload(admin, text.encode("utf-8-sig"), "people.csv", "text/csv")
    look = await admin.post("/imports/look", {"media": file["id"]})
    assert look["columns"] == {
        "First name": "first_name",
        "Last name": "last_name",
        "Mobile": "address",
        "E-mail": "address",
        "Tier": "field:Tier",
        "Time zone": "timezone",
    }
    assert (look["total"], look["good"]) == (6, 3)
    assert [one["line"] for one in look["wrong"]] == [5, 6, 7]
    assert (await admin.get("/contacts?q=Example"))["items"] == []

    started = await admin.post("/imports", {"media": file["id"], "list": made["id"]})
    done = await finished(admin, started)
    counts = {name: done[name] for name in ("state", "total", "created", "updated", "listed", "refused")}
    assert counts == {"state": "done", "total": 6, "created": 2, "updated": 1, "listed": 3, "refused": 3}
    assert [one["line"] for one in done["errors"]] == [5, 6, 7]
    ada = await admin.get(f"/contacts/{known}")
    assert (ada["name"], ada["fields"], ada["timezone"]) == ("Ada Example", {"Tier": "gold"}, "Europe/Paris")
    assert {one["value"] for one in ada["addresses"]} == {"+12025550161", "ada@customer.example"}
    assert (await admin.get(f"/lists/{made['id']}"))["members"] == 3
    assert (await admin.get(f"/media/{file['id']}")).status == 404  # what it said is in the contacts now
    assert (await admin.get("/imports"))["items"][0]["id"] == done["id"]

    out = await admin.get(f"/lists/{made['id']}/export")
    assert out.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(out.text.removeprefix("\ufeff"))))
    assert {row["Name"]: (row["Phone"], row["Email"], row["Tier"]) for row in rows} == {
        "Ada Example": ("'+12025550161", "ada@customer.example", "gold"),
        "Bob Example": ("'+12025550162", "", ""),
        "Eve Example": ("", "eve@customer.example", ""),
    }
    again = await finished(admin, await table(admin, out.text, list=made["id"]))
    assert (again["created"], again["updated"], again["listed"], again["refused"]) == (0, 3, 0, 0)
    assert (await admin.get(f"/contacts/{known}")).body == ada.body


async def test_an_import_proves_consent_and_undoes_no_stop(admin: Client, phone: Phones) -> None:
    await phone("+12025550151").text("STOP")
    consent = {"words": "Ticked the box on the order form, spring 2026"}
    text = "Phone\n+12025550151\n+12025550152\n"
    assert (await table(admin, text, consent={"words": " "})).status == 422
    done = await finished(admin, await table(admin, text, consent=consent))
    assert (done["updated"], done["created"], done["opted_out"]) == (1, 1, 1)
    states = {}
    for number in ("151", "152"):
        found = (await admin.get(f"/contacts?q=12025550{number}"))["items"][0]
        lines = (await admin.get(f"/contacts/{found['id']}/consent"))["items"]
        states[number] = [(one["state"], one["purpose"], one["source"], one["words"]) for one in lines]
    assert states["151"] == [("unsubscribed", "any", "contact", "STOP")]
    assert states["152"] == [("subscribed", "marketing", "import", consent["words"])]


async def test_tables_that_are_none_are_refused_in_a_sentence(admin: Client, agent: Client) -> None:
    cases = (
        (b"Name,Phone\n", "only one line"),
        (b"\n\n", "empty"),
        (b"Name,Name\na,b\n", "same name"),
        (b'Phone\n"+12025550141\n', "not a table"),
        (b"Name\nAda\n", "No column holds"),
    )
    for content, sentence in cases:
        answer = await table(admin, content)
        assert answer.status == 422, content
        assert sentence in answer.text, answer.text
    wrong = await table(admin, "A,B\nx,y\n", columns={"A": "name", "Z": "address"})
    assert wrong.status == 422
    assert "no column “Z”" in wrong.text
    file = await upload(admin, b"Phone\n+12025550141\n", "people.csv", "text/csv")
    assert (await agent.post("/imports", {"media": file["id"]})).status == 403
    assert (await admin.post("/imports", {"media": "med_0000000000000"})).status == 404
    assert (await admin.post("/imports", {"media": file["id"], "list": "lst_0000000000000"})).status == 404


async def test_old_spreadsheets_and_other_separators_are_read(admin: Client) -> None:
    text = "Vorname;Nachname;Handy\nJörg;Müller;+4915112345678\n"
    for content in (text.encode("cp1252"), text.encode("utf-16"), text.replace(";", "\t").encode()):
        await finished(admin, await table(admin, content))
    found = (await admin.get("/contacts?q=Jörg"))["items"]
    assert [one["name"] for one in found] == ["Jörg Müller"]


async def test_a_line_whose_addresses_are_two_contacts_changes_neither(admin: Client) -> None:
    for number in ("+12025550131", "+12025550132"):
        await admin.made("/contacts", {"addresses": [number]})
    done = await finished(admin, await table(admin, "Name,Phone\nBoth,+12025550131;+12025550132\n"))
    assert (done["refused"], done["errors"][0]["line"]) == (1, 2)
    assert "different contacts" in done["errors"][0]["message"]
    assert (await admin.get("/contacts?q=Both"))["items"] == []


async def test_a_large_table_goes_in_piece_by_piece(admin: Client) -> None:
    lines = "".join(f"Person {n},+1202{5550000 + n}\n" for n in range(1_000))
    made = await admin.made("/lists", {"name": "Everybody"})
    done = await finished(admin, await table(admin, f"Name,Phone\n{lines}", list=made["id"]))
    assert (done["created"], done["listed"], done["refused"]) == (1_000, 1_000, 0)
    assert (await admin.get(f"/lists/{made['id']}"))["members"] == 1_000


async def test_a_list_shows_nobody_their_conversation_hides(world: World, admin: Client, phone: Phones) -> None:
    await admin.patch("/workspace", {"policy": {"visibility": "owner"}})
    owner, other = await world.someone(Role.AGENT), await world.someone(Role.AGENT)
    contact = phone("+12025550121")
    await contact.text("A secret")
    conversation = await contact.conversation()
    await owner.post(f"/conversations/{conversation['id']}/claim")
    made = await admin.made("/lists", {"name": "Patients"})
    members_at = f"/lists/{made['id']}/members"
    theirs = {"add": [conversation["contact"]["id"]]}
    assert (await other.post(members_at, theirs)).status == 404
    assert (await owner.post(members_at, theirs))["changed"] == 1
    assert len((await owner.get(members_at))["items"]) == 1
    assert (await other.get(members_at))["items"] == []
