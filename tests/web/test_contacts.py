"""Contacts, their addresses, merging, consent, export and erasure."""

from collections.abc import Callable

from tests.web.client import Client
from tests.web.conftest import Phone

Phones = Callable[..., Phone]


async def test_a_contact_is_saved_changed_found_and_erased(admin: Client) -> None:
    made = await admin.made(
        "/contacts", {"name": "Ada Example", "addresses": ["+1 202-555-0190", {"value": "Ada@Customer.example"}]}
    )
    assert [one["value"] for one in made["addresses"]] == ["+12025550190", "ada@customer.example"]
    path = f"/contacts/{made['id']}"
    assert (await admin.get(path)).body == made
    changed = await admin.patch(path, {"fields": {"tier": "gold"}, "timezone": "Europe/Paris", "note": "Likes tea"})
    assert (changed["fields"], changed["timezone"], changed["note"]) == ({"tier": "gold"}, "Europe/Paris", "Likes tea")
    for q in ("ada", "Example", "555-0190", "(202) 555", "customer.example"):
        found = (await admin.get("/contacts", params={"q": q}))["items"]
        assert [one["id"] for one in found] == [made["id"]], q
    twice = await admin.post("/contacts", {"name": "Bob", "addresses": ["+12025550190"]})
    assert twice.status == 409
    assert (await admin.delete(path)).status == 204
    assert (await admin.get(path)).status == 404
    assert (await admin.get("/contacts?q=0190"))["items"] == []


async def test_a_number_in_six_spellings_is_one_contact(admin: Client, phone: Phones) -> None:
    for spelling in ("+12025550191", "12025550191", "0012025550191", "+1 (202) 555-0191", "tel:+12025550191"):
        await phone(spelling).text("Hello")
    await admin.made("/messages", {"to": "+1.202.555.0191", "body": "Hello"})
    assert len((await admin.get("/contacts"))["items"]) == 1
    assert len((await admin.get("/conversations?view=all"))["items"]) == 1


async def test_merging_shows_both_threads_in_order_and_can_be_undone(admin: Client, phone: Phones) -> None:
    one, two = phone("+12025550192"), phone("+12025550193")
    await one.text("First")
    await two.text("Second")
    await one.text("Third")
    first, second = await one.conversation(), await two.conversation()
    loser, winner = first["contact"]["id"], second["contact"]["id"]
    merged = await admin.post(f"/contacts/{loser}/merge", {"into": winner})
    assert (merged.status, merged["id"]) == (200, winner)
    entries = (await admin.get(f"/threads/{second['thread_id']}/entries?types=message"))["items"]
    assert [entry["message"]["body"] for entry in entries] == ["First", "Second", "Third"]
    pages, cursor = [], ""
    while True:
        page = await admin.get(f"/threads/{second['thread_id']}/entries?types=message&limit=1{cursor}")
        pages += [entry["message"]["body"] for entry in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert pages == ["First", "Second", "Third"]
    assert (await admin.get(f"/conversations/{first['id']}"))["ended_by"] == "merge"
    assert (await admin.post(f"/contacts/{loser}/unmerge")).status == 200
    alone = (await admin.get(f"/threads/{second['thread_id']}/entries?types=message"))["items"]
    assert [entry["message"]["body"] for entry in alone] == ["Second"]
    itself = await admin.post(f"/contacts/{winner}/merge", {"into": winner})
    assert itself.status in {409, 422}


async def test_addresses_come_and_go(admin: Client) -> None:
    made = await admin.made("/contacts", {"name": "Ada Example"})
    path = f"/contacts/{made['id']}/addresses"
    added = await admin.post(path, {"value": "+12025550194", "label": "Mobile"})
    assert (added.status, added["value"], added["label"]) == (201, "+12025550194", "Mobile")
    assert (await admin.post(path, {"value": "what"})).status == 422
    assert (await admin.post(path, {"kind": "email", "value": "+12025550195"})).status == 422
    shown = {"kind": "email", "value": "ada@home.example"}
    other = await admin.made("/contacts", {"name": "As it is shown", "addresses": [shown]})
    assert {key: other["addresses"][0][key] for key in shown} == shown
    assert (await admin.delete(f"{path}/{added['id']}")).status == 204
    assert (await admin.get(f"/contacts/{made['id']}"))["addresses"] == []
    assert (await admin.delete(f"{path}/{added['id']}")).status == 404


async def test_consent_is_kept_with_its_words(admin: Client, phone: Phones) -> None:
    contact = phone("+12025550195")
    await contact.text("Hello")
    path = f"/contacts/{(await contact.conversation())['contact']['id']}"
    asked = (await admin.get(f"{path}/consent"))["items"]
    assert [(one["address"], one["state"]) for one in asked] == [("+12025550195", "unknown")]
    await contact.text("STOP")
    said = (await admin.get(f"{path}/consent"))["items"]
    assert ("unsubscribed", "STOP") in [(one["state"], one["words"]) for one in said]
    again = await admin.post(f"{path}/subscribe", {"words": "On the phone"})
    assert again.status == 409, "only they can take it back"


async def test_words_that_may_be_a_stop_wait_for_a_person(admin: Client, phone: Phones) -> None:
    contact = phone("+12025550194")
    await contact.text("Bitte keine Nachrichten mehr")
    path = f"/contacts/{(await contact.conversation())['contact']['id']}"
    ledger = (await admin.get(f"{path}/consent")).body
    assert [one["state"] for one in ledger["items"]] == ["unknown"]
    suggestion = ledger["suggestion"]
    assert suggestion["words"] == "Bitte keine Nachrichten mehr"
    by_machine = {"to": "+12025550194", "body": "An offer", "nature": "campaign"}
    looked = (await admin.post("/messages/preview", by_machine)).body
    assert (looked["refusals"], [one["code"] for one in looked["notices"]]) == ([], ["wish-undecided"])
    held = (await admin.post("/messages", by_machine)).body
    assert held["status"] == "held"
    assert "waits until somebody decides" in (await admin.get(f"/messages/{held['id']}/explain")).body["wish"]
    assert (await admin.post(f"{path}/decide", {"message_id": held["id"], "decision": "keep"})).status == 409
    said = {"message_id": suggestion["message_id"], "decision": "unsubscribe"}
    decided = (await admin.post(f"{path}/decide", said)).body
    assert decided["suggestion"] is None
    assert [(one["state"], one["purpose"], one["source"], one["words"]) for one in decided["items"]] == [
        ("unsubscribed", "any", "api", "Bitte keine Nachrichten mehr")
    ]
    again = await admin.post(f"{path}/decide", said)
    assert (again.status, again.body["type"].rsplit("/", 1)[-1]) == (409, "nothing-to-decide")
    refused = await admin.post("/messages", by_machine)
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, "to")
    assert "Bitte keine Nachrichten mehr" in refused.body["detail"]
    assert (await admin.post(f"{path}/subscribe", {"purpose": "any", "words": "On the phone"})).status == 200
    proofs = (await admin.get(f"{path}/export")).body["consent"]
    assert [one["state"] for one in proofs] == ["subscribed", "unsubscribed"]


async def test_the_team_records_what_it_was_told(admin: Client) -> None:
    made = await admin.made("/contacts", {"name": "Ada Example", "addresses": ["+12025550199"]})
    for verb, state in (("unsubscribe", "unsubscribed"), ("subscribe", "subscribed")):
        told = await admin.post(f"/contacts/{made['id']}/{verb}", {"words": "On the phone"})
        assert told.status == 200
        assert [(one["state"], one["words"]) for one in told["items"]] == [(state, "On the phone")]


async def test_an_export_has_all_that_was_said(admin: Client, phone: Phones) -> None:
    contact = phone("+12025550196")
    await contact.text("Please call me")
    conversation = await contact.conversation()
    await admin.made(f"/threads/{conversation['thread_id']}/notes", {"body": "Called back"})
    export = (await admin.get(f"/contacts/{conversation['contact']['id']}/export")).body
    assert "Please call me" in [one["message"]["body"] for one in export["entries"] if one["message"]]
    assert "Called back" in [one["note"]["body"] for one in export["entries"] if one["note"]]


async def test_threads_by_address_are_found_or_made(admin: Client) -> None:
    made = await admin.put("/threads/by-address/phone/+12025550197")
    assert made.status == 201
    assert set(made.body) == {"id", "contact_id", "conversation_id", "last_at"}
    assert (made["conversation_id"], made["last_at"]) == (None, None)
    found = await admin.put("/threads/by-address/phone/12025550197".replace("/1202", "/%2B1202"))
    assert (found.status, found["id"]) == (200, made["id"])
    mail = await admin.put("/threads/by-address/email/ada@customer.example")
    assert mail.status == 201
    assert (await admin.put("/threads/by-address/email/+12025550197")).status == 422


async def test_entries_from_the_oldest_from_the_newest_and_from_a_place(admin: Client, phone: Phones) -> None:
    contact = phone("+12025550198")
    for number in range(6):
        await contact.text(f"Text {number}")
    thread = (await contact.conversation())["thread_id"]

    async def texts(query: str) -> list[str]:
        page = await admin.get(f"/threads/{thread}/entries?types=message&{query}")
        return [entry["message"]["body"][-1] for entry in page["items"]]

    assert await texts("") == list("012345")
    assert await texts("limit=2") == list("01")
    assert await texts("before=last&limit=2") == list("45")
    assert (await admin.get(f"/threads/{thread}/entries?before=3&after=1")).status == 422
    seq = (await admin.get(f"/threads/{thread}/entries?types=message"))["items"][3]["seq"]
    assert await texts(f"before={seq}&limit=2") == list("12")
    assert await texts(f"after={seq}&limit=2") == list("45")
    back = await admin.get(f"/threads/{thread}/entries?types=message&before=last&limit=4")
    assert await texts(f"limit=4&cursor={back['next']}") == list("01")
    kinds = {entry["type"] for entry in (await admin.get(f"/threads/{thread}/entries"))["items"]}
    assert kinds == {"message", "event"}
