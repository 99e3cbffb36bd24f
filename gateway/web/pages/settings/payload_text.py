"""A payload as people can read it: a request with its headers, or text; else its octets in hexadecimal."""

import binascii
from base64 import b64decode

from gateway.host.raw_payloads import request_of

MOST = 16_000


def text_of(content: str) -> str:
    """Of base64 as it is stored; cut where it is very long."""
    try:
        octets = b64decode(content)
    except binascii.Error:
        return content[:MOST]
    request = request_of(octets)
    if request is None:
        return _shown(octets)
    headers = "\n".join(f"{name}: {value}" for name, value in request.headers.items())
    return f"{request.method} {request.url}\n{headers}\n\n{_shown(request.body)}"


def _shown(octets: bytes) -> str:
    try:
        text = octets[:MOST].decode("utf-8", "strict" if len(octets) <= MOST else "ignore")
    except UnicodeDecodeError:
        return octets[: MOST // 4].hex(" ", 1)
    return text.replace("\0", "\N{SYMBOL FOR NULL}")
