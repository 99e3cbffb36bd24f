"""Mails made to keep a reader busy: each is read within a moment, whatever becomes of it."""

import time

import pytest

from gateway.sdk import Inbound, Unparsed
from gateway.sdk.html import TooWildHtml, sanitise

from .reader import read

_HEAD = "From: Eve <eve@evil.example>\r\nTo: support@shop.example\r\nMessage-ID: <1@evil.example>\r\nSubject: x\r\n"
_MOMENT_S = 10.0  # what is quadratic takes minutes


def mail(fields: str = "", body: str | bytes = "hi") -> bytes:
    """A mail of Eve's with more header fields, each ended by a line end."""
    return f"{_HEAD}{fields}\r\n".encode() + (body if isinstance(body, bytes) else body.encode())


def nested(kind: str, depth: int) -> str:
    """Parts in parts; each opens its own boundary."""
    return "".join(f'Content-Type: {kind}; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(depth))


def parts(*content: str, kind: str = "mixed") -> bytes:
    """A mail of so many parts."""
    inside = "".join(f"--a\r\n{part}\r\n" for part in content)
    return mail(f"Content-Type: multipart/{kind}; boundary=a\r\n", f"{inside}--a--")


HTML = "Content-Type: text/html\r\n"
NASTY = {
    "a header of ten megabytes": mail(f"X-A: {'a' * 10_000_000}\r\n"),
    "a hundred thousand headers": mail("X-A: b\r\n" * 100_000),
    "three thousand levels": mail(nested("multipart/mixed", 3_000)),
    "mails in mails": mail("Content-Type: message/rfc822\r\n\r\n" * 500),
    "nothing but boundaries": mail('Content-Type: multipart/mixed; boundary="a"\r\n', "--a\r\n" * 200_000),
    "an empty boundary": mail('Content-Type: multipart/mixed; boundary=""\r\n', "--\r\n\r\nx\r\n----\r\n" * 1_000),
    "punycode": mail("Content-Type: text/plain; charset=punycode\r\n", b"a" * 100_000 + b"-" + b"9" * 100_000),
    "a codec that unpacks": mail("Content-Type: text/plain; charset=zip\r\n", b"x\x9cK" * 10_000),
    "a codec from a path": mail('Content-Type: text/plain; charset="../../etc/passwd"\r\n'),
    "a name in twenty thousand pieces": mail(
        "Content-Disposition: attachment;\r\n" + ";\r\n".join(f" filename*{n}*=%41%42" for n in range(20_000)) + "\r\n"
    ),
    "a piece of a name far away": mail(
        "Content-Disposition: attachment; filename*99999999999*=a; filename*0*='''a\r\n"
    ),
    "fifty thousand recipients": mail(f"Cc: {', '.join(f'a{n}@b.example' for n in range(50_000))}\r\n"),
    "comments in comments": f"From: {'(' * 20_000}eve@evil.example\r\n\r\nhi".encode(),
    "quotes in quotes": ("From: " + '"\\' * 20_000 + "eve@evil.example\r\n\r\nhi").encode(),
    "encoded words without end": mail(f"Subject: {'=?utf-8?b?' * 50_000}\r\n"),
    "a date of another world": mail("Date: Mon, 99 Foo 99999999999999 99:99:99 +9999999999999\r\n"),
    "references to everything": mail(f"References: {'<a@b> ' * 200_000}\r\nIn-Reply-To: {'<' * 200_000}\r\n"),
    "base64 of nothing": mail("Content-Transfer-Encoding: base64\r\n", "!@#=$" * 500_000),
    "soft line ends": mail("Content-Transfer-Encoding: quoted-printable\r\n", "=\r\n" * 500_000 + "=zz"),
    "angle brackets": mail(HTML, "<" * 2_000_000),
    "attributes": mail(HTML, f"<p {'a=b ' * 300_000}>x"),
    "entities": mail(HTML, "&amp" * 500_000),
    "bold in bold": mail(HTML, "<b>" * 200_000 + "x"),
    "comments that begin": mail(HTML, "<!--" * 300_000),
    "a long style": mail(HTML, f"<p style='{'x:y;' * 200_000}'>x</p>"),
    "quoted a million times": mail("", ">" * 1_000_000 + "\r\n" + "> " * 500_000),
    "somebody wrote": mail("", "On Mon someone wrote:\r\n" * 100_000),
    "on and on": mail("", "On " + "a " * 1_000_000 + "wrote:"),
    "empty lines": mail("", "\r\n" * 2_000_000),
    "a report on everybody": parts(
        "Content-Type: message/delivery-status\r\n\r\n" + "Final-Recipient: rfc822; a@b\r\n\r\n" * 100_000,
        kind="report",
    ),
    "names that climb": parts(
        *(f'Content-Disposition: attachment; filename="{"../" * 3_000}{n}\u202egnp.exe"\r\n\r\nx' for n in range(190))
    ),
    "one picture fifty thousand times": parts(
        f"Content-Type: text/html\r\n\r\n{'<img src=cid:x>' * 50_000}",
        "Content-Type: image/png\r\nContent-ID: <x>\r\n\r\nx",
        kind="related",
    ),
    "no end of the header": b"From: a@b.example\r\n" * 3 + b"x" * 2_000_000,
}


@pytest.mark.parametrize("raw", NASTY.values(), ids=list(NASTY))
async def test_it_is_read_within_a_moment(raw: bytes) -> None:
    began = time.process_time()
    items = await read(raw)
    assert items
    for item in items:
        assert isinstance(item, Inbound | Unparsed)
        for file in item.media if isinstance(item, Inbound) else ():
            assert file.name is None or "/" not in file.name
        if isinstance(item, Inbound) and item.html:
            try:
                assert "<script" not in sanitise(item.html)
            except TooWildHtml:
                continue
    assert time.process_time() - began < _MOMENT_S
