"""The reader never raises, never hangs, and reads back what we write."""

import time
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.sdk import EarlierMessage, Inbound, MediaReference, Receipt, Unparsed
from gateway_email.addresses import addresses_of, canonical, on_the_wire
from gateway_email.incoming import Incoming
from gateway_email.message_ids import ids_in, references
from gateway_email.mime import TooWild, parse
from gateway_email.outgoing import as_html, compose

from .reader import open_ids
from .values import MAYA, SHOP, outbound

# What mail is made of, so that random octets come near enough to mail to be dangerous.
PIECES = st.sampled_from(
    [
        b"From: a@b.example\r\n", b"Content-Type: multipart/mixed; boundary=x\r\n", b"--x\r\n", b"--x--\r\n", b"\r\n",
        b"Content-Type: text/html; charset=utf-7\r\n", b"Content-Transfer-Encoding: base64\r\n", b"=?utf-8?b?", b"?=",
        b"Content-Disposition: attachment; filename*0*=utf-8''%", b"Content-Type: multipart/report; boundary=x\r\n",
        b"Content-Type: message/delivery-status\r\n", b"Action: failed\r\n", b"> q\n", b"<div><p>", b"\0", b"\xff\xfe",
        b"On Mon wrote:\n", b"Subject: ", b"References: <", b"(", b'"', b",", b"Date: ",
    ]
)  # fmt: skip
RAW = st.lists(st.one_of(PIECES, st.binary(max_size=20)), max_size=60).map(b"".join)
TEXT = st.text(max_size=300)


@given(RAW)
@settings(max_examples=400)
async def test_whatever_comes_is_something(raw: bytes) -> None:
    for item in Incoming(SHOP, await open_ids()).items(raw, {SHOP}):
        assert isinstance(item, Inbound | Receipt | Unparsed)
        if isinstance(item, Inbound):
            assert "\n" not in (item.subject or "")
            assert len(item.body) < 100_000


@given(RAW)
@settings(max_examples=200)
def test_a_tree_has_its_limits(raw: bytes) -> None:
    try:
        tree = parse(raw)
    except TooWild:
        return
    assert sum(1 for _ in tree.walk()) <= 200
    assert sum(len(part.body) for part in tree.walk()) <= len(raw)


@given(TEXT, TEXT, TEXT, st.lists(st.tuples(TEXT, st.binary(min_size=1, max_size=200)), max_size=3))
@settings(max_examples=200)
async def test_what_we_write_is_read_back(body: str, subject: str, name: str, files: list[tuple[str, bytes]]) -> None:
    media = tuple(MediaReference("application/octet-stream", None, content, title, 1) for title, content in files)
    ours = outbound(_storable(body) + "x", subject=_storable(subject), media=media)
    made = compose(ours, _storable(name), "1-1.abc@shop.example", 1_795_341_600_000)
    assert made.octets.partition(b"\r\n\r\n")[0].count(b"\r\nBcc:") == 0
    [read] = Incoming("other@x.example", await open_ids()).items(made.octets, {"other@x.example"})
    assert isinstance(read, Inbound)
    assert (read.sender, read.subject) == (SHOP, made.subject or None)
    assert [file.content for file in read.media] == [content for _, content in files]
    assert "".join((read.body + (read.quoted or "")).split()) == "".join(ours.body.replace("\0", "\ufffd").split())


@given(st.lists(st.from_regex(r"[a-z0-9]{1,20}@[a-z]{1,10}", fullmatch=True), max_size=60), st.just("p@x"))
def test_references_keep_the_first_and_the_newest(known: list[str], parent: str) -> None:
    said = references(" ".join(f"<{one}>" for one in known), parent)
    assert said[-1] == parent
    assert len(said) <= 20
    if known:
        assert said[0] == known[0]
    assert ids_in(" ".join(f"<{one}>" for one in said)) == said


@given(TEXT)
def test_text_as_html_holds_no_tags_of_its_writer(text: str) -> None:
    made = as_html(text).removeprefix("<!DOCTYPE html>")
    allowed = (
        "<html>",
        "<head>",
        '<meta charset="utf-8">',
        "</head>",
        "<body>",
        "<p>",
        "<br>",
        "</p>",
        "</body>",
        "</html>",
    )
    for tag in allowed:
        made = made.replace(tag, "")
    assert "<" not in made or made.count("<") == made.count("<a href=") + made.count("</a>")


@given(st.from_regex(r"[a-z0-9.+_-]{1,20}", fullmatch=True), st.text("abcäöüßжщ", min_size=1, max_size=20))
def test_an_address_is_the_same_on_the_wire_and_here(local: str, label: str) -> None:
    spelt = canonical(f"{local}@{label}.example")
    if spelt is None:
        return
    wire = on_the_wire(spelt)
    assert wire.isascii()
    assert canonical(wire) == spelt
    assert addresses_of(wire)[0].address == wire or '"' in wire


def test_a_reply_refers_to_what_it_answers() -> None:
    earlier: Any = {"message_id": "b@customer.example", "references": "<a@customer.example>"}
    made = compose(outbound(answers=EarlierMessage(True, "Lamp", earlier)), "Shop", "1@shop.example", 0)
    assert b"In-Reply-To: <b@customer.example>\r\n" in made.octets
    assert b"References: <a@customer.example> <b@customer.example>\r\n" in made.octets
    assert b"Subject: Re: Lamp\r\n" in made.octets
    assert f"To: {MAYA}\r\n".encode() in made.octets


def test_the_largest_mails_are_read_in_seconds() -> None:
    """Each is 35 MiB of what keeps a careless reader busy for minutes or hours."""
    size = 35 * 1024 * 1024
    mixed = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
    for raw in (
        mixed + b"--x\r\n\r\n" + b"\n" * size,
        mixed + b"\r\n--x \t \t" * (size // 9),
        b"From: a@b.example\r\n" + b"X: y\r\n" * (size // 6),
        b"From: " + b"(" * size,
        b"From: a@b.example\r\nSubject: " + b"=?utf-8?q?a?= " * (size // 15),
        b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n" + b"<p><b " * (size // 6),
        b"From: a@b.example\r\n\r\n" + b"> On Mon, x wrote:\n" * (size // 19),
    ):
        began = time.process_time()
        list(_reader().items(raw, {SHOP}))
        assert time.process_time() - began < 8, raw[:80]


def _reader() -> Incoming:
    ids: Any = _NoIds()
    return Incoming(SHOP, ids)


class _NoIds:
    """No mail here is about one of ours."""

    def ours_in(self, text: str) -> None:
        return None


def _storable(text: str) -> str:
    """As the core hands text over: no half characters."""
    return text.encode("utf-8", "replace").decode()
