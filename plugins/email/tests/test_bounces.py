"""Reports about our mail: each finds its message, and nobody can report on a message they have not got."""

import pytest

from gateway.sdk import Inbound, Nature
from gateway.sdk.text import Status
from gateway_email.message_ids import MessageIds

from .reader import open_ids, read, receipt
from .values import MAYA, SHOP, mail, multipart

ATTEMPT = "msg_01J9ZQ3V7K8RM-4"


async def ours() -> tuple[MessageIds, str]:
    ids = await open_ids()
    return ids, ids.make(ATTEMPT, SHOP)


def report(message_id: str, fields: str, *, back: str = "message/rfc822", kind: str = "delivery-status") -> bytes:
    return multipart(
        f"report; report-type={kind}",
        "\r\nYour message could not be delivered.",
        f"Content-Type: message/{kind}\r\n\r\nReporting-MTA: dns; mx.customer.example\r\n\r\n{fields}",
        f"Content-Type: {back}\r\n\r\nFrom: {SHOP}\r\nTo: {MAYA}\r\nMessage-ID: <{message_id}>\r\n\r\nWe have three.",
        headers="Auto-Submitted: auto-replied\r\nReturn-Path: <>\r\n",
    )


@pytest.mark.parametrize(
    ("fields", "state", "code"),
    [
        (
            "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user",
            Status.UNDELIVERED,
            "5.1.1",
        ),
        ("Action: failed\r\nStatus: 4.4.7", Status.EXPIRED, "4.4.7"),
        ("Action: delayed\r\nStatus: 4.4.1", None, "4.4.1"),
        ("Action: delivered\r\nStatus: 2.0.0", Status.DELIVERED, "2.0.0"),
        ("Action: relayed\r\nStatus: 2.0.0", Status.SENT, "2.0.0"),
        ("Action: Expanded (to a list)\r\nStatus: 2.0.0", None, "2.0.0"),
    ],
)
async def test_a_delivery_report_is_a_receipt(fields: str, state: Status | None, code: str) -> None:
    ids, message_id = await ours()
    said = await receipt(report(message_id, f"Final-Recipient: rfc822; {MAYA}\r\n{fields}"), ids)
    assert (said.provider_ids, said.attempt, said.state, said.code) == ((message_id,), ATTEMPT, state, code)
    if "no such user" in fields:
        assert said.text == "550 5.1.1 no such user"


async def test_headers_alone_and_an_envelope_id_are_enough() -> None:
    ids, message_id = await ours()
    fields = "Action: failed\r\nStatus: 5.0.0"
    assert (await receipt(report(message_id, fields, back="text/rfc822-headers"), ids)).attempt == ATTEMPT
    raw = report("other@x.example", f"Original-Message-ID: <{message_id}>\r\n{fields}")
    assert (await receipt(raw, ids)).attempt == ATTEMPT


async def test_a_reading_is_reported() -> None:
    ids, message_id = await ours()
    fields = "Disposition: manual-action/MDN-sent-manually; displayed"
    said = await receipt(
        report(message_id, f"Original-Message-ID: <{message_id}>\r\n{fields}", kind="disposition-notification"), ids
    )
    assert (said.state, said.attempt) == (Status.READ, ATTEMPT)


async def test_a_bounce_without_a_form_names_our_message_in_its_text() -> None:
    ids, message_id = await ours()
    text = f"Hi. This is the mail program.\r\n550 5.1.1 nobody here\r\n\r\n--- Your mail:\r\nMessage-ID: <{message_id}>"
    raw = mail(text, From="MAILER-DAEMON@mx.customer.example", Return_Path="<>", Subject="failure notice")
    said = await receipt(raw, ids)
    assert (said.state, said.code, said.attempt) == (Status.UNDELIVERED, "5.1.1", ATTEMPT)


async def test_a_mark_that_is_not_ours_reports_on_no_attempt() -> None:
    _, foreign = await ours()
    ids = await open_ids()
    said = await receipt(report(foreign, "Action: failed\r\nStatus: 5.1.1"), ids)
    assert (said.provider_ids, said.attempt) == ((foreign,), None)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(mail("I am away.\r\n\r\n> Message-ID: <{id}>", Auto_Submitted="auto-replied"), id="out of office"),
        pytest.param(mail("See <{id}>", In_Reply_To="<{id}>", References="<{id}>"), id="a reply"),
        pytest.param(mail("<{id}>", Precedence="list"), id="a list"),
    ],
)
async def test_what_only_mentions_our_message_is_a_message(raw: bytes) -> None:
    ids, message_id = await ours()
    [said] = await read(raw.replace(b"{id}", message_id.encode()), ids=ids)
    assert isinstance(said, Inbound)


async def test_a_report_on_a_strangers_mail_is_an_automatic_message() -> None:
    ids, _ = await ours()
    [said] = await read(report("1@elsewhere.example", "Action: failed\r\nStatus: 5.1.1"), ids=ids)
    assert isinstance(said, Inbound)
    assert said.nature is Nature.AUTO


async def test_several_recipients_are_several_receipts() -> None:
    ids, message_id = await ours()
    raw = report(message_id, "Action: delivered\r\nStatus: 2.0.0\r\n\r\nAction: failed\r\nStatus: 5.1.1")
    assert [one.state for one in await read(raw, ids=ids)] == [Status.DELIVERED, Status.UNDELIVERED]
