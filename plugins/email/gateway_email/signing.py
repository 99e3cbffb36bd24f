"""DKIM (RFC 6376): a mark on what leaves here that it is from our domain."""

from gateway_email.addresses import ascii_domain, domain_of

_HEADERS = [
    b"from", b"to", b"subject", b"date", b"message-id", b"in-reply-to", b"references", b"mime-version",
    b"content-type", b"content-transfer-encoding",
]  # fmt: skip


class KeyUnusable(ValueError):
    """The key can't sign; the text says so to people."""


def signed(octets: bytes, address: str, selector: str, key: str) -> bytes:
    """The mail with its signature in front. Takes some ten milliseconds of one core. Raises KeyUnusable."""
    import dkim  # noqa: PLC0415  with its resolver 4 MB, for the mailbox that signs

    try:
        signature = dkim.sign(
            octets,
            selector.encode(),
            ascii_domain(domain_of(address)).encode(),
            key.strip().encode(),
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=_HEADERS,
        )
    except (dkim.DKIMException, ValueError, IndexError, TypeError) as error:
        raise KeyUnusable("The DKIM key can't be used: it must be an RSA private key in PEM form.") from error
    return bytes(signature) + octets
