"""A mail goes in, a thread stands, an answer goes out, a bounce comes back: over real mail servers."""

import asyncio
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from plugins.email.tests.dovecot import PASSWORD, Dovecot
from plugins.email.tests.postfix import Postfix
from plugins.email.tests.values import mail
from plugins.email.tests.waiting import until
from tests.stories.outside import Outside
from tests.support.gateway import RunningGateway

Join = Callable[[RunningGateway], Outside]

DESK = "desk@shop.example"
MAYA = "maya@customer.example"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6364f8cf500f00038601805a34"
    "7d6b0000000049454e44ae426082"
)
HOSTILE = Path(__file__).parents[2] / "plugins/email/tests/hostile"


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    server = Dovecot()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def postfix(dovecot: Dovecot) -> Iterator[Postfix]:
    server = Postfix(dovecot.lmtp, "discard:")
    server.start()
    yield server
    server.stop()


async def add_mailbox(outside: Outside, dovecot: Dovecot, postfix: Postfix) -> Any:
    """A gateway on both servers and the address it serves, once it says that it is well."""
    settings = {
        "address": DESK, "display_name": "The Lamp Shop",
        "smtp_host": "127.0.0.1", "smtp_port": postfix.smtp, "smtp_security": "none",
        "imap_host": "127.0.0.1", "imap_port": dovecot.imap, "imap_security": "none", "imap_password": PASSWORD,
    }  # fmt: skip
    gateway = await outside.post("/gateways", {"plugin": "email", "name": "Mailbox", "settings": settings})
    await outside.add_sender(DESK, gateway, kind="email")
    await outside.until(f"/gateways/{gateway['id']}/health", lambda health: health["state"] == "ok")
    return gateway


async def mails_to(dovecot: Dovecot, address: str) -> list[EmailMessage]:
    """What lies in somebody's mailbox, as soon as anything does."""
    return [message_from_bytes(raw, policy=default) for raw in await until(lambda: dovecot.mails(address))]


async def thread_of(outside: Outside, address: str) -> Any:
    """The thread of an address, once something was said in it."""
    while True:
        await outside.until("/events?wait=1", lambda page: page["items"])
        _, thread = await outside.call("PUT", f"/threads/by-address/email/{address}")
        if thread["last_at"] is not None:
            return thread


def formatted() -> bytes:
    """What a mail program writes: both forms, an inline picture, a file, and what was said before."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = f"Maya Chen <{MAYA}>", DESK, "Grüße & a lamp"
    letter["Message-ID"], letter["References"] = "<2@customer.example>", "<1@customer.example>"
    letter.set_content(
        "Is it this one?\n\nOn Mon, Nov 2, 2026 at 3:00 PM Shop <desk@shop.example> wrote:\n> Which lamp?\n"
    )
    page = '<p onclick="x()">Is it <b>this</b> one?</p><img src="cid:lamp"><img src="https://spy.example/p.gif"><script>x()</script>'
    letter.add_alternative(page, subtype="html")
    html = letter.get_body(("html",))
    assert html is not None
    html.add_related(PIXEL, "image", "png", cid="<lamp>", filename="lamp.png")
    letter.add_attachment(b"%PDF-1.4 lamp", maintype="application", subtype="pdf", filename="../bill.pdf")
    return letter.as_bytes()


async def test_a_mail_is_answered_in_its_thread(
    product: RunningGateway, join: Join, dovecot: Dovecot, postfix: Postfix
) -> None:
    outside = join(product)
    gateway = await add_mailbox(outside, dovecot, postfix)
    await asyncio.to_thread(postfix.submit, formatted(), MAYA, DESK)
    conversations = await outside.until("/conversations?view=inbox", lambda page: page["items"])
    [conversation] = conversations["items"]
    assert conversation["last_message"]["preview"] == "Is it this one?"
    assert conversation["last_message"]["channel"] == "email"

    [entry] = await outside.everything(f"/threads/{conversation['thread_id']}/entries?types=message")
    asked = entry["message"]
    assert (asked["from"], asked["to"], asked["subject"]) == (MAYA, DESK, "Grüße & a lamp")
    assert asked["body"] == "Is it this one?"
    assert asked["quoted"].endswith("> Which lamp?")
    assert [(one["name"], one["content_type"], one["state"]) for one in asked["media"]] == [
        ("lamp.png", "image/png", "stored"),
        ("bill.pdf", "application/pdf", "stored"),
    ]
    headers = {"Authorization": f"Bearer {outside.token}"}
    async with outside.session.get(product.url + asked["media"][1]["url"], headers=headers) as file:
        assert (file.status, await file.read()) == (200, b"%PDF-1.4 lamp")
    async with outside.session.get(product.url + asked["html_url"], headers=headers) as shown:
        page = await shown.text()
        assert "sandbox" in shown.headers["Content-Security-Policy"]
        assert "Is it <b>this</b> one?" in page
        assert 'src="data:image/png;base64,' in page
        assert "spy.example" not in page
        assert "x()" not in page

    sent = await outside.post("/messages", {"thread_id": conversation["thread_id"], "body": "Yes, that one."})
    [answer] = await mails_to(dovecot, MAYA)
    assert answer["In-Reply-To"] == "<2@customer.example>"
    assert answer["References"] == "<1@customer.example> <2@customer.example>"
    assert answer["Subject"] == "Re: Grüße & a lamp"
    assert answer["From"] == f"The Lamp Shop <{DESK}>"
    assert answer["Auto-Submitted"] is None
    settled = await outside.until(f"/messages/{sent['id']}", lambda message: message["status"] == "sent")
    assert (settled["gateway_id"], settled["subject"]) == (gateway["id"], "Re: Grüße & a lamp")

    # Another subject, an answer to the answer: one thread, one conversation.
    again = mail("Thanks!", From=MAYA, To=DESK, Subject="Something else", In_Reply_To=str(answer["Message-ID"]))
    await asyncio.to_thread(postfix.submit, again, MAYA, DESK)
    await asyncio.to_thread(postfix.submit, again, MAYA, DESK)  # and the same mail a second time
    entries = await outside.until(
        f"/threads/{conversation['thread_id']}/entries?types=message", lambda page: len(page["items"]) == 3
    )
    assert [one["message"]["subject"] for one in entries["items"]] == [
        "Grüße & a lamp",
        "Re: Grüße & a lamp",
        "Something else",
    ]
    assert len(await outside.everything("/conversations?view=all")) == 1


async def test_what_nobody_gets_comes_back_and_machines_open_nothing(
    product: RunningGateway, join: Join, dovecot: Dovecot, postfix: Postfix
) -> None:
    outside = join(product)
    await add_mailbox(outside, dovecot, postfix)
    sent = await outside.post("/messages", {"to": "nobody@gone.example", "body": "Are you there?", "subject": "Hello"})
    failed = await outside.until(f"/messages/{sent['id']}", lambda message: message["status"] == "undelivered")
    assert failed["error"]["provider_code"] or failed["error"]["code"]

    away = mail("I am away.", From=MAYA, To=DESK, Auto_Submitted="auto-replied", Subject="Out of office")
    await asyncio.to_thread(postfix.submit, away, MAYA, DESK)
    thread = await thread_of(outside, MAYA)
    [entry] = await outside.everything(f"/threads/{thread['id']}/entries?types=message")
    assert entry["message"]["nature"] == "auto"
    assert thread["conversation_id"] is None
    status, refusal = await outside.call(
        "POST", "/messages", {"to": MAYA, "body": "We got it.", "nature": "auto", "from": DESK}
    )
    assert (status, refusal["errors"][0]["field"]) == (422, "nature")
    assert refusal["type"].endswith("answers-a-machine")


async def test_one_automatic_answer_a_day(
    product: RunningGateway, join: Join, dovecot: Dovecot, postfix: Postfix
) -> None:
    outside = join(product)
    await add_mailbox(outside, dovecot, postfix)
    await asyncio.to_thread(postfix.submit, mail("Hello", From=MAYA, To=DESK), MAYA, DESK)
    [conversation] = (await outside.until("/conversations?view=inbox", lambda page: page["items"]))["items"]
    automatic = {"thread_id": conversation["thread_id"], "body": "We got it.", "nature": "auto"}
    await outside.post("/messages", automatic)
    [answer] = await mails_to(dovecot, MAYA)
    assert answer["Auto-Submitted"] == "auto-replied"
    await asyncio.to_thread(postfix.submit, mail("Hello?", From=MAYA, To=DESK), MAYA, DESK)
    await outside.until(
        "/conversations?view=inbox", lambda page: page["items"][0]["last_message"]["preview"] == "Hello?"
    )
    status, refusal = await outside.call("POST", "/messages", automatic)
    assert (status, refusal["type"].rpartition("/")[2]) == (422, "one-automatic-answer-a-day")


async def test_a_mailbox_full_of_hostile_mail(
    product: RunningGateway, join: Join, dovecot: Dovecot, postfix: Postfix
) -> None:
    outside = join(product)
    paths = sorted(HOSTILE.glob("*.eml"))
    for path in paths:
        await asyncio.to_thread(dovecot.deliver, path.read_bytes(), DESK, "eve@evil.example")
    await asyncio.to_thread(dovecot.deliver, mail("And a real one", From=MAYA, To=DESK), DESK)
    gateway = await add_mailbox(outside, dovecot, postfix)
    page = await outside.until(
        "/conversations?view=all",
        lambda found: {one["last_message"]["preview"] for one in found["items"]} >= {"And a real one"},
    )
    assert len(page["items"]) == 2  # Eve's and Maya's
    eve = next(one for one in page["items"] if one["last_message"]["preview"] != "And a real one")
    entries = await outside.everything(f"/threads/{eve['thread_id']}/entries?types=message")
    assert len(entries) == len(paths)  # those that name nobody come from where the envelope says
    headers = {"Authorization": f"Bearer {outside.token}"}
    for entry in entries:
        message = entry["message"]
        assert "\n" not in message["subject"] if message["subject"] else True
        for one in message["media"]:
            assert one["content_type"] not in ("text/html", "image/svg+xml")
        if message["html_url"]:
            async with outside.session.get(product.url + message["html_url"], headers=headers) as shown:
                assert shown.status == 200
                assert "script" not in await shown.text()
    health = await outside.get(f"/gateways/{gateway['id']}/health")
    assert health["state"] == "ok"


def words(letter: EmailMessage) -> str:
    plain = letter.get_body(("plain",))
    assert plain is not None
    return str(plain.get_content()).strip()


async def test_a_survey_is_answered_by_mail(
    product: RunningGateway, join: Join, dovecot: Dovecot, postfix: Postfix
) -> None:
    """Asked, answered below and above what was quoted, a remark, and thanks: in one thread, and each mail once."""
    outside = join(product)
    await add_mailbox(outside, dovecot, postfix)
    rule = {
        "name": "How was it?",
        "when": "conversation_completed",
        "then": [{"type": "survey_ask", "question": "How did we do? 1 to 5"}],
        "enabled": True,
    }
    await outside.post("/automations", rule)
    await asyncio.to_thread(postfix.submit, mail(From=MAYA, To=DESK), MAYA, DESK)
    [conversation] = (await outside.until("/conversations?view=inbox", lambda page: page["items"]))["items"]
    await outside.post(f"/conversations/{conversation['id']}/complete", {})

    async def written(count: int) -> EmailMessage:
        found = await until(lambda: [raw for raw in [dovecot.mails(MAYA)] if len(raw) >= count])
        mails = [message_from_bytes(raw, policy=default) for raw in found[0]]
        assert len(mails) == count
        return mails[-1]

    async def reply(to: EmailMessage, body: str) -> None:
        letter = mail(body, From=MAYA, To=DESK, Subject=f"Re: {to['Subject']}", In_Reply_To=str(to["Message-ID"]))
        await asyncio.to_thread(postfix.submit, letter, MAYA, DESK)

    asked = await written(1)
    assert (asked["Subject"], words(asked)) == ("How did we do?", "How did we do? 1 to 5")
    quoted = "\r\n\r\nOn Sun, Nov 22, 2026 at 3:00 PM Shop <desk@shop.example> wrote:\r\n> How did we do? 1 to 5\r\n"
    await reply(asked, f"5{quoted}")
    more = await written(2)
    assert "What could we do better?" in words(more)
    await reply(more, f"Nothing at all{quoted}")
    thanks = await written(3)
    assert words(thanks) == "Thank you, that helps us."
    rated = (await outside.until("/stats/ratings?range=today", lambda page: page["items"][0]["answered"]))["items"]
    assert [(one["scale"], one["asked"], one["answered"], one["average"]) for one in rated] == [
        ("survey_five", 1, 1, 5.0)
    ]
    (said,) = (await outside.get("/stats/ratings/remarks?range=today&scale=survey_five"))["items"]
    assert said["words"] == "Nothing at all"
    assert len(await outside.everything("/conversations?view=all")) == 1
