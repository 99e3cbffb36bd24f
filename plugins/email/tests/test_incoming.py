"""What a mail says: whom it is from and for, its words, its files, apart from what it quotes."""

import pytest

from gateway.sdk import Nature
from gateway_email.incoming import Envelope

from .reader import message, unparsed
from .values import MAYA, SHOP, mail, multipart

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


async def test_a_plain_mail_is_a_message() -> None:
    said = await message(
        mail("Is the lamp back?\r\n", References="<a@x.example> <b@x.example>", In_Reply_To="<b@x.example>")
    )
    assert (said.sender, said.recipient, said.channel) == (MAYA, SHOP, "email")
    assert (said.subject, said.body, said.quoted, said.html) == ("Lamp", "Is the lamp back?", None, None)
    assert said.at == 1_795_341_600_000
    assert said.nature is None
    assert said.metadata["references"] == "<a@x.example> <b@x.example>"
    assert said.metadata["in_reply_to"] == "b@x.example"
    assert said.metadata["from_name"] == "Maya Chen"


@pytest.mark.parametrize(
    ("fields", "sender"),
    [
        pytest.param({"Reply_To": "other@customer.example"}, "other@customer.example", id="Reply-To"),
        pytest.param({"Reply_To": "rubbish"}, MAYA, id="a Reply-To that is none"),
        pytest.param({"From": "", "Sender": MAYA}, MAYA, id="Sender alone"),
        pytest.param({"From": '"Chen, Maya (home)" <maya@customer.example>'}, MAYA, id="a name with comma and comment"),
        pytest.param({"From": "maya@customer.example (Maya)"}, MAYA, id="a name behind"),
        pytest.param({"From": "=?utf-8?q?Maya=2C_C?= <maya@customer.example>"}, MAYA, id="an encoded name"),
        pytest.param(
            {"From": "J\u00fcrgen <j\u00fcrgen@k\u00fche.example>"}, "j\u00fcrgen@k\u00fche.example", id="Unicode"
        ),
        pytest.param({"List_Id": "<l.x>", "Reply_To": "list@x.example"}, MAYA, id="a list's Reply-To"),
    ],
)
async def test_whom_it_is_from(fields: dict[str, str], sender: str) -> None:
    assert (await message(mail(**fields))).sender == sender


@pytest.mark.parametrize(
    ("fields", "recipients", "ours"),
    [
        pytest.param({"To": "sales@shop.example"}, None, "sales@shop.example", id="another address of ours"),
        pytest.param({"To": "Support+lamp@Shop.Example"}, None, SHOP, id="a tag"),
        pytest.param({"To": f"a@x.example, B <{SHOP}>, c@x.example"}, None, SHOP, id="among others"),
        pytest.param({"To": "a@x.example", "Cc": "sales@shop.example"}, None, "sales@shop.example", id="a copy"),
        pytest.param({"To": "undisclosed-recipients:;"}, None, SHOP, id="a blind copy"),
        pytest.param({"To": "a@x.example"}, ("sales@shop.example",), "sales@shop.example", id="the envelope"),
        pytest.param({"Delivered_To": "sales@shop.example", "To": SHOP}, None, "sales@shop.example", id="Delivered-To"),
    ],
)
async def test_which_of_ours_it_is_for(fields: dict[str, str], recipients: tuple[str, ...] | None, ours: str) -> None:
    envelope = None if recipients is None else Envelope(MAYA, recipients)
    assert (await message(mail(**fields), envelope)).recipient == ours


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("=?utf-8?B?R3LDvMOfZQ==?=", "Gr\u00fc\u00dfe"),
        ("=?iso-8859-1?Q?Gr=FC=DFe?=\r\n =?utf-8?q?_aus?=", "Gr\u00fc\u00dfe aus"),
        ("=?ISO-2022-JP?B?GyRCJDMkcyRLJEEkTxsoQg==?=", "\u3053\u3093\u306b\u3061\u306f"),
        ("=?x-unknown?q?caf=C3=A9?=", "caf\u00e9"),
        ("=?punycode?q?abc?=", "abc"),
        ("Gr\u00fc\u00dfe", "Gr\u00fc\u00dfe"),
        ("folded\r\n over\r\n\tlines", "folded over lines"),
        ("=?utf-8?q?a=0D=0ABcc:_evil@x.example?=", "a Bcc: evil@x.example"),
        ("=?utf-8?q?in=E2=80=AEvoice?=", "invoice"),
        ("=?utf-8?b?broken", "=?utf-8?b?broken"),
    ],
)
async def test_subjects_are_one_line_of_text(written: str, read: str) -> None:
    assert (await message(mail(Subject=written))).subject == read


@pytest.mark.parametrize(
    ("charset", "octets", "text"),
    [
        ("utf-8", "Gr\u00fc\u00dfe".encode(), "Gr\u00fc\u00dfe"),
        ("iso-8859-1", "\u201ea\u201c".encode("cp1252"), "\u201ea\u201c"),
        ("us-ascii", "Gr\u00fc\u00dfe".encode(), "Gr\u00fc\u00dfe"),
        ("utf-8", "Gr\u00fc\u00dfe".encode("cp1252"), "Gr\u00fc\u00dfe"),
        ("koi8-r", "\u043f\u0440\u0438\u0432\u0435\u0442".encode("koi8-r"), "\u043f\u0440\u0438\u0432\u0435\u0442"),
        ("no-such-thing", b"plain", "plain"),
        ("unicode_escape", b"\\u0041", "\\u0041"),
        ("", "\u4f60\u597d".encode(), "\u4f60\u597d"),
    ],
)
async def test_bodies_in_any_charset(charset: str, octets: bytes, text: str) -> None:
    raw = mail("", Content_Type=f'text/plain; charset="{charset}"', Content_Transfer_Encoding="8bit") + octets
    assert (await message(raw)).body == text


async def test_html_is_kept_and_read() -> None:
    raw = mail("<p>Hello <b>there</b></p><p>Bye &amp; thanks</p>", Content_Type="text/html")
    said = await message(raw)
    assert said.body.split() == ["Hello", "there", "Bye", "&", "thanks"]
    assert said.html == "<p>Hello <b>there</b></p><p>Bye &amp; thanks</p>"


async def test_of_alternatives_the_plain_one_is_read_and_the_formatted_one_kept() -> None:
    related = (
        'Content-Type: multipart/related; boundary="in"\r\n\r\n--in\r\nContent-Type: text/html\r\n\r\n'
        '<img src="cid:logo">\r\n--in\r\nContent-Type: image/png\r\nContent-ID: <logo>\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{PIXEL}\r\n--in--"
    )
    said = await message(multipart("alternative", "Content-Type: text/plain\r\n\r\nPlain.", related))
    assert (said.body, said.html) == ("Plain.", '<img src="cid:logo">')
    [logo] = said.media
    assert (logo.content_type, logo.content_id, logo.size) == ("image/png", "logo", 70)


async def test_attachments_come_with_their_bytes() -> None:
    said = await message(
        multipart(
            "mixed",
            "Content-Type: text/plain\r\n\r\nSee both.",
            "Content-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment;\r\n"
            " filename*=utf-8''%2e%2e%2fR%C3%A4tsel.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQ=",
            "Content-Type: text/plain; name=notes.txt\r\n\r\nkept as a file",
            "Content-Type: message/rfc822\r\n\r\nFrom: x@y.example\r\nSubject: inner\r\n\r\ninner words",
        )
    )
    assert said.body == "See both."
    assert [(file.name, file.content) for file in said.media] == [
        ("R\u00e4tsel.pdf", b"%PDF-1.4"),
        ("notes.txt", b"kept as a file"),
        ("message.eml", b"From: x@y.example\r\nSubject: inner\r\n\r\ninner words"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Yes please.\n\nOn Mon, Nov 2, 2026 at 3:00 PM Shop <support@shop.example> wrote:\n> We have three.\n> One?",
        "Yes please.\n\nAm 02.11.2026 um 15:00 schrieb Support <support@shop.example>:\n> We have three.",
        "Yes please.\n\nLe lun. 2 nov. 2026 \u00e0 15:00, Shop <support@shop.example> a \u00e9crit :\n> We have three.",
        "Yes please.\n\n-----Original Message-----\nFrom: Support\nSent: Monday\n\nWe have three.",
    ],
)
async def test_what_is_quoted_stands_apart(text: str) -> None:
    said = await message(mail(text.replace("\n", "\r\n"), Content_Type="text/plain; charset=utf-8"))
    assert said.body == "Yes please."
    assert said.quoted
    assert "We have three." in said.quoted


@pytest.mark.parametrize(
    "text", ["> We have three.\n\nYes please.", "From: is a word\n-- \nMaya", "> all of it\n> is quoted"]
)
async def test_what_is_new_is_never_folded_away(text: str) -> None:
    said = await message(mail(text))
    assert (said.body, said.quoted) == (text, None)


async def test_a_very_long_text_is_attached_whole() -> None:
    said = await message(mail("word " * 40_000))
    assert len(said.body) < 100_000
    [whole] = said.media
    assert (whole.name, whole.content_type, whole.size) == ("message.txt", "text/plain", 200_000)


async def test_the_same_mail_has_the_same_name_and_nobody_else_can_take_it() -> None:
    once, again, forged = (
        mail(Message_ID="<1@x>"),
        mail("Again", Message_ID="<1@x>"),
        mail(From="eve@x.example", Message_ID="<1@x>"),
    )
    first = (await message(once)).provider_id
    assert (await message(again)).provider_id == first
    assert (await message(forged)).provider_id != first
    nameless = mail(Message_ID="")
    assert (await message(nameless)).provider_id == (await message(nameless)).provider_id
    assert (await message(nameless)).provider_id != (await message(mail("Other words", Message_ID=""))).provider_id


async def test_a_mail_from_nobody_is_kept_as_it_came() -> None:
    raw = mail(From="", To="")
    kept = await unparsed(raw)
    assert kept.raw == raw
    assert "whom" in kept.reason


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"Auto_Submitted": "auto-replied"}, "auto-replied"),
        ({"Auto_Submitted": "auto-generated (rejected)"}, "auto-generated (rejected)"),
        ({"Precedence": "bulk"}, "bulk"),
        ({"Precedence": "list"}, "list"),
        ({"List_Unsubscribe": "<mailto:x@y.example>"}, "list"),
        ({"X_Autoreply": "yes"}, "auto-replied"),
        ({"Return_Path": "<>"}, "bounce"),
        ({"From": "MAILER-DAEMON@mx.customer.example"}, "bounce"),
        ({"Content_Type": "multipart/report; boundary=x"}, "report"),
        ({"From": SHOP}, "own"),
        ({"From": "Support <sales+x@shop.example>"}, "own"),
    ],
)
async def test_what_no_person_wrote_is_automatic(fields: dict[str, str], why: str) -> None:
    said = await message(mail(**fields))
    assert (said.nature, said.metadata["automatic"]) == (Nature.AUTO, why)


@pytest.mark.parametrize("fields", [{"Auto_Submitted": "no"}, {"X_Autoreply": "no"}, {"Precedence": "normal"}])
async def test_what_a_person_wrote_is_not(fields: dict[str, str]) -> None:
    assert (await message(mail(**fields))).nature is None


async def test_the_null_sender_of_the_envelope_is_a_machine() -> None:
    assert (await message(mail(), Envelope("", (SHOP,)))).nature is Nature.AUTO


async def test_a_subject_that_is_folded_behind_an_encoded_word_keeps_its_blank() -> None:
    folded = mail().replace(b"Subject: Lamp", b"Subject: =?utf-8?q?Stra=C3=9Fe?=\r\n 5")
    assert (await message(folded)).subject == "Stra\u00dfe 5"
