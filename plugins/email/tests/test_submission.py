"""Sending, with a server that says no, later, nothing, or hangs up: what each means for the message."""

from email import message_from_bytes
from email.policy import default

import pytest

from gateway.sdk import MediaReference, Nature, SendErrorKind, SendResult
from gateway.testing import Failure
from gateway_email import connections, submission

from .conftest import StartStage
from .peer import CUT, SILENCE, Peer
from .values import outbound

K = SendErrorKind


@pytest.mark.parametrize(
    ("says", "kind", "code"),
    [
        ({"MAIL": "550 5.7.1 not you"}, K.REJECTED, "550 5.7.1"),
        ({"MAIL": "530 5.7.0 Authentication required"}, K.MISCONFIGURED, "530 5.7.0"),
        ({"RCPT": "550 5.1.1 no such user"}, K.REJECTED, "550 5.1.1"),
        ({"RCPT": "450 4.2.0 greylisted, come again"}, K.DEFERRED, "450 4.2.0"),
        ({"RCPT": "452 4.2.2 mailbox full"}, K.DEFERRED, "452 4.2.2"),
        ({"RCPT": "450 4.7.1 rate limit exceeded"}, K.THROTTLED, "450 4.7.1"),
        ({"RCPT": "421 4.3.2 shutting down"}, K.UNAVAILABLE, "421 4.3.2"),
        ({"RCPT": CUT}, K.UNAVAILABLE, None),
        ({"DATA": "451 4.3.0 try later"}, K.DEFERRED, "451 4.3.0"),
        ({"DATA": "554 5.6.0 no"}, K.REJECTED, "554 5.6.0"),
        ({".": "552 5.3.4 too big"}, K.REJECTED, "552 5.3.4"),
        ({".": "451 4.3.0 disk full"}, K.DEFERRED, "451 4.3.0"),
        ({".": CUT}, K.UNCERTAIN, None),
        ({"MAIL": CUT}, K.UNAVAILABLE, None),
        ({"CONNECT": CUT}, K.UNAVAILABLE, None),
    ],
    ids=lambda value: "-".join(map(str, value.items())) if isinstance(value, dict) else None,
)
async def test_what_an_answer_means(
    stage: StartStage, says: dict[str, str], kind: SendErrorKind, code: str | None
) -> None:
    async with Peer(says) as peer:
        result = await stage(smtp_port=peer.port).send(outbound())
    assert isinstance(result, Failure)
    assert (result.kind, result.provider_code) == (kind, code), result.sentence
    assert not peer.mails.items


async def test_silence_after_the_mail_is_uncertain(stage: StartStage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submission, "DATA_S", 0.2)
    async with Peer({".": SILENCE}) as peer:
        result = await stage(smtp_port=peer.port).send(outbound())
    assert isinstance(result, Failure)
    assert result.kind is K.UNCERTAIN


async def test_silence_before_it_is_not(stage: StartStage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "ANSWER_S", 0.2)
    async with Peer({"RCPT": SILENCE}) as peer:
        result = await stage(smtp_port=peer.port).send(outbound())
    assert isinstance(result, Failure)
    assert result.kind is K.UNAVAILABLE


async def test_nobody_listens(stage: StartStage, desk_port: int) -> None:
    result = await stage(smtp_port=desk_port).send(outbound())
    assert isinstance(result, Failure)
    assert result.kind is K.UNAVAILABLE


async def test_a_private_address_that_nobody_let_through_is_not_dialled(stage: StartStage) -> None:
    for host in ("10.0.0.1", "169.254.169.254", "[::1]", "0x0a.0.0.1", "167772161"):
        result = await stage(smtp_host=host, smtp_port=25).send(outbound())
        assert isinstance(result, Failure)
        assert result.kind is K.UNAVAILABLE
        assert "not a public address" in result.sentence or "no host" in result.sentence


async def test_a_wrong_password_stops_the_gateway(stage: StartStage) -> None:
    async with Peer(login=("shop", "right")) as peer:
        wrong = await stage(smtp_port=peer.port, smtp_username="shop", smtp_password="wrong").send(outbound())
        right = await stage(smtp_port=peer.port, smtp_username="shop", smtp_password="right").send(outbound())
    assert isinstance(wrong, Failure)
    assert wrong.kind is K.MISCONFIGURED
    assert isinstance(right, SendResult)


async def test_one_connection_serves_many_mails_and_a_dead_one_is_replaced(stage: StartStage) -> None:
    async with Peer() as peer:
        shop = stage(smtp_port=peer.port)
        for _ in range(3):
            assert isinstance(await shop.send(outbound()), SendResult)
        assert peer.connections == 1
        peer.hang_up()
        assert isinstance(await shop.send(outbound()), SendResult)
        assert len(peer.mails) == 4


async def test_a_refused_mail_does_not_spoil_the_connection(stage: StartStage) -> None:
    async with Peer({"RCPT": "550 5.1.1 no"}) as peer:
        shop = stage(smtp_port=peer.port)
        assert isinstance(await shop.send(outbound()), Failure)
        peer.says.clear()
        assert isinstance(await shop.send(outbound()), SendResult)
        assert peer.connections == 1


async def test_a_mail_has_its_headers_text_html_and_files(stage: StartStage, mailbox: str) -> None:
    picture = MediaReference("image/png", None, b"\x89PNG\r\n\x1a\n", "k\u00e4se\r\n.png", 8)
    page = MediaReference("text/html; x=y", None, b"<b>", None, 3)
    async with Peer() as peer:
        shop = stage(smtp_port=peer.port, display_name="Lamps, Inc. \u00e4")
        sent = await shop.send(
            outbound(
                "Hi.\n\nSee https://shop.example/a?b=1&c=2.\n.\n<b>",
                subject="New\r\nBcc: x@y.example",
                sender=mailbox,
                media=(picture, page),
            )
        )
    assert isinstance(sent, SendResult)
    mail = message_from_bytes(peer.mails[0].content, policy=default)  # type: ignore[arg-type]
    assert (mail["From"], mail["To"]) == (f'"Lamps, Inc. \u00e4" <{mailbox}>', "maya@customer.example")
    assert mail["Subject"] == sent.subject == "New Bcc: x@y.example"
    assert mail["Bcc"] is None
    assert mail["Message-ID"] == f"<{sent.parts[0].provider_id}>"
    assert sent.metadata == {"message_id": sent.parts[0].provider_id}
    assert mail["Auto-Submitted"] is None
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == "Hi.\n\nSee https://shop.example/a?b=1&c=2.\n.\n<b>\n"
    assert '<a href="https://shop.example/a?b=1&amp;c=2">https://shop.example/a?b=1&amp;c=2</a>.' in html.get_content()
    files = [
        (one.get_filename(), one.get_content_type(), one.get_payload(decode=True)) for one in mail.iter_attachments()
    ]
    assert files == [("k\u00e4se .png", "image/png", b"\x89PNG\r\n\x1a\n"), ("file-2", "text/html", b"<b>")]


@pytest.mark.parametrize(
    ("nature", "says"),
    [
        (Nature.NATURAL, {"Auto-Submitted": None, "Precedence": None}),
        (Nature.AUTO, {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}),
        (
            Nature.CAMPAIGN,
            {"Precedence": "bulk", "List-Unsubscribe": "<mailto:support@shop.example?subject=STOP&body=STOP>"},
        ),
    ],
)
async def test_what_a_machine_sends_says_so(stage: StartStage, nature: Nature, says: dict[str, str | None]) -> None:
    async with Peer() as peer:
        await stage(smtp_port=peer.port).send(outbound(nature=nature))
    mail = message_from_bytes(peer.mails[0].content, policy=default)  # type: ignore[arg-type]
    assert {name: mail[name] for name in says} == says


async def test_addresses_in_unicode(stage: StartStage) -> None:
    async with Peer() as peer:
        shop = stage(smtp_port=peer.port)
        assert isinstance(await shop.send(outbound(to="info@k\u00fche.example")), SendResult)
        assert isinstance(await shop.send(outbound(to="j\u00fcrgen@k\u00fche.example")), SendResult)
    assert [mail.rcpt_tos for mail in peer.mails] == [["info@xn--khe-hoa.example"], ["j\u00fcrgen@xn--khe-hoa.example"]]
    assert [mail.smtp_utf8 for mail in peer.mails] == [False, True]


async def test_a_server_that_knows_no_unicode_says_so_to_people(stage: StartStage) -> None:
    async with Peer(utf8=False) as peer:
        result = await stage(smtp_port=peer.port).send(outbound(to="j\u00fcrgen@k\u00fche.example"))
    assert isinstance(result, Failure)
    assert (result.kind, result.provider_code) == (K.REJECTED, "553 5.6.7")


async def test_secrets_and_words_stay_out_of_the_log(stage: StartStage) -> None:
    async with Peer(login=("shop", "hush-hush")) as peer:
        shop = stage(smtp_port=peer.port, smtp_username="shop", smtp_password="hush-hush")
        await shop.send(outbound("for her eyes"))
    assert shop.trace
    assert "hush-hush" not in str(shop.trace)
    assert "for her eyes" not in str(shop.trace)
