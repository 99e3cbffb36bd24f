"""Out through a real mail server, and back: the reply threads, the bounce finds its message, what loops is known."""

from email import message_from_bytes
from email.policy import default

from gateway.sdk import EarlierMessage, MediaReference, Receipt, SendResult
from gateway.sdk.text import Status

from .conftest import StartStage
from .dovecot import Dovecot
from .postfix import Postfix
from .values import mail, outbound
from .waiting import until


async def test_there_and_back(stage: StartStage, postfix: Postfix, dovecot: Dovecot, mailbox: str) -> None:
    shop = stage(smtp_port=postfix.smtp, imap_port=dovecot.imap)
    shop.start()
    await shop.healthy()
    maya = f"maya.{mailbox}".replace("shop", "customer")
    postfix.submit(mail("Is the lamp back?", From=maya, To=mailbox, Message_ID="<1@customer.example>"), maya, mailbox)
    await shop.received.wait(1)
    [asked] = shop.inbounds
    answers = EarlierMessage(True, asked.subject, asked.metadata)
    answer = outbound(
        "Yes. \u2192 Gr\u00fc\u00dfe",
        to=maya,
        sender=mailbox,
        answers=answers,
        media=(MediaReference("text/plain", None, b"a" * 5000, "a.txt"),),
    )
    assert isinstance(await shop.send(answer), SendResult)
    [raw] = await until(lambda: dovecot.mails(maya))
    got = message_from_bytes(raw, policy=default)
    assert (got["In-Reply-To"], got["References"], got["Subject"]) == ("<1@customer.example>",) * 2 + ("Re: Lamp",)
    body = got.get_body(("plain",))
    assert body is not None
    assert body.get_content() == "Yes. \u2192 Gr\u00fc\u00dfe\n"


async def test_what_is_delivered_and_what_comes_back(
    stage: StartStage, postfix: Postfix, dovecot: Dovecot, mailbox: str
) -> None:
    shop = stage(smtp_port=postfix.smtp, imap_port=dovecot.imap)
    shop.start()
    await shop.healthy()
    good, bad = (
        outbound(to=mailbox.replace("shop", "customer"), sender=mailbox),
        outbound(to="nobody@gone.example", sender=mailbox),
    )
    for one in (good, bad):
        assert isinstance(await shop.send(one), SendResult)
    said = {item.attempt: item for item in await shop.received.wait(2) if isinstance(item, Receipt)}
    assert said[good.attempt].state is Status.SENT  # relayed: Dovecot knows no reports
    assert said[bad.attempt].state is Status.UNDELIVERED
    assert said[bad.attempt].code == "5.1.1"
    assert "nobody@gone.example" not in (said[bad.attempt].text or "").partition(":")[0]


async def test_postfix_hands_over_by_lmtp_and_tries_again(stage: StartStage, postfix: Postfix, desk_port: int) -> None:
    desk = stage(address="help@desk.example", listen_port=desk_port, listen_protocol="lmtp")
    desk.refusals = 1
    desk.start()
    await desk.healthy()
    postfix.submit(mail("By LMTP", To="help@desk.example"), "maya@customer.example", "help@desk.example")
    await desk.received.wait(1)
    [item] = desk.inbounds
    assert item.body == "By LMTP"
    assert desk.refusals == 0


async def test_addresses_in_unicode_pass_both_ways(
    stage: StartStage, postfix: Postfix, dovecot: Dovecot, mailbox: str, desk_port: int
) -> None:
    shop = stage(smtp_port=postfix.smtp)
    assert isinstance(await shop.send(outbound(to="info@k\u00fche.example", sender=mailbox)), SendResult)
    [raw] = await until(lambda: dovecot.mails("info@xn--khe-hoa.example"))
    assert b"To: info@xn--khe-hoa.example" in raw
    desk = stage(
        address="h\u00e9lp@desk.example", listen_port=desk_port, listen_protocol="lmtp", smtp_port=postfix.smtp
    )
    desk.start()
    await desk.healthy()
    written = outbound("Gr\u00fc\u00dfe", to="h\u00e9lp@desk.example", sender="j\u00fcrgen@k\u00fche.example")
    assert isinstance(await desk.send(written), SendResult)
    await desk.received.wait(1)
    [item] = desk.inbounds
    assert (item.sender, item.recipient) == ("j\u00fcrgen@xn--khe-hoa.example", "h\u00e9lp@desk.example")
