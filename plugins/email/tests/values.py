"""Messages as the core hands them over, and mails as people write them."""

from itertools import count
from typing import Any

from gateway.sdk import Nature, Outbound, SenderView
from gateway.sdk.ids import format_message_id
from gateway.sdk.text import SenderKind

MAYA = "maya@customer.example"
SHOP = "support@shop.example"
_numbers = count(1)


def outbound(body: str = "We have three.", *, to: str = MAYA, sender: str = SHOP, **more: Any) -> Outbound:
    """A message of ours that nobody sent before."""
    number = next(_numbers)
    facts: dict[str, Any] = {"nature": Nature.NATURAL, **more}
    return Outbound(
        message_id=number,
        attempt=f"{format_message_id(number)}-1",
        sender=SenderView(1, SenderKind.EMAIL, sender),
        to=to,
        channel="email",
        body=body,
        parts=(body,),
        encoding=None,
        reference=0,
        **facts,
    )


def mail(body: str = "Is the lamp back?", **fields: str) -> bytes:
    """A mail in plain text; `fields` are headers, with underscores for hyphens. An empty one is left out."""
    headers = {
        "From": f"Maya Chen <{MAYA}>",
        "To": SHOP,
        "Subject": "Lamp",
        "Message-ID": f"<{next(_numbers)}@customer.example>",
        "Date": "Sun, 22 Nov 2026 10:00:00 +0000",
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value)
    return f"{head}\r\n{body}".encode()


def multipart(kind: str, *parts: str, boundary: str = "cut", headers: str = "") -> bytes:
    """A mail of several parts, each with its own header fields."""
    inside = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return (
        f"From: {MAYA}\r\nTo: {SHOP}\r\nSubject: Parts\r\nMessage-ID: <{next(_numbers)}@customer.example>\r\n{headers}"
        f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\nBefore the first.\r\n{inside}--{boundary}--\r\n'
    ).encode()
