"""Finding an address in bytes nobody understood, however it is wrapped."""

import base64
import json
import quopri
import time
from email.header import Header
from email.message import EmailMessage
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.readings import readings

MAYA = "maya@customer.example"


def b64(content: bytes) -> bytes:
    return base64.b64encode(content)


def mail(body: str, encoding: str) -> bytes:
    message = EmailMessage()
    message["From"] = "somebody@else.example"
    message.set_content(body, cte=encoding)
    return message.as_bytes()


def forwarded(inner: bytes) -> bytes:
    message = EmailMessage()
    message.set_content("See there.")
    message.add_attachment(inner, maintype="application", subtype="octet-stream", filename="mail.eml")
    return message.as_bytes()


LONG = "So it was, and so it will be, said she. " * 20 + MAYA

WRAPPED = {
    "plain": MAYA.encode(),
    "a form": urlencode({"From": MAYA}).encode(),
    "JSON": json.dumps({"from": MAYA}).encode(),
    "escaped JSON": MAYA.replace("@", "\\u0040").encode(),
    "UTF-16": MAYA.encode("utf-16-be"),
    "base64": b64(MAYA.encode()),
    "base64 without its end": b64(MAYA.encode()).rstrip(b"="),
    "base64 for addresses": base64.urlsafe_b64encode(b"\xfb\xff" + MAYA.encode()),
    "a webhook that was kept whole": json.dumps({"body": b64(urlencode({"From": MAYA}).encode()).decode()}).encode(),
    "a mail in base64": mail(LONG, "base64"),
    "a mail in quoted-printable": mail(LONG.replace(" ", "\u00a0"), "quoted-printable"),
    "an encoded word": Header(f"Grüße an {MAYA}", "utf-8").encode().encode(),
    "an encoded word in letters": b"=?utf-8?q?"
    + quopri.encodestring(MAYA.encode(), header=True).replace(b"@", b"=40")
    + b"?=",
    "a mail in a mail": forwarded(mail(LONG, "base64")),
    "a mail in a webhook": json.dumps({"body": b64(forwarded(mail(LONG, "base64"))).decode()}).encode(),
    "percents in percents": quote_plus(b64(MAYA.encode()).decode()).encode(),
}


@pytest.mark.parametrize("content", WRAPPED.values(), ids=list(WRAPPED))
def test_it_is_found(content: bytes) -> None:
    assert any(MAYA in one for one in readings(content))


@pytest.mark.parametrize("content", [value for name, value in WRAPPED.items() if name != "plain"])
def test_nobody_else_is(content: bytes) -> None:
    assert not any("ben@customer.example" in one for one in readings(content))


@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail(content: bytes) -> None:
    assert content.decode("utf-8", "replace") in list(readings(content))


def test_a_large_mail_is_read_in_seconds() -> None:
    started = time.process_time()
    assert sum(1 for _ in readings(b64(bytes(range(256)) * 40_000))) > 0
    assert time.process_time() - started < 20
