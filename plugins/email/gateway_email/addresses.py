"""E-mail addresses as mail needs them: canonical to compare, ASCII or Unicode on the wire, in headers with a name."""

from collections.abc import Collection
from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import getaddresses

from gateway.sdk.text import canonical_mailbox
from gateway_email.headers import decoded, one_line
from gateway_email.limits import FIELD_BYTES, NAME_CHARACTERS

MOST = 100  # addresses of one header that are looked at


@dataclass(frozen=True, slots=True)
class Named:
    """An address with the name somebody gave it; `address` as it was written."""

    address: str
    name: str = ""


def canonical(address: str) -> str | None:
    """The one spelling that is compared: lower case, the domain in Unicode. None for what is none."""
    return canonical_mailbox(address.strip())


def without_tag(address: str) -> str:
    """`support@company.example` for `support+sales@company.example`."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def domain_of(address: str) -> str:
    """What stands after the @."""
    return address.rpartition("@")[2]


def ascii_domain(domain: str) -> str:
    """The domain as the DNS knows it. The exact reverse of how the canonical spelling came about."""
    return ".".join(
        label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}" for label in domain.split(".")
    )


def on_the_wire(address: str) -> str:
    """The address with its domain in ASCII; its first half may need SMTPUTF8."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{ascii_domain(domain)}"


def header(named: Named) -> Address:
    """`Name <address>` for a header of ours; nothing in it can end the line."""
    local, _, domain = on_the_wire(named.address).rpartition("@")
    return Address(one_line(named.name)[:NAME_CHARACTERS], local, domain)


def addresses_of(value: str) -> list[Named]:
    """The addresses of a header as it came, in order. Names are decoded; what is no address is left out."""
    try:
        found = getaddresses([value[:FIELD_BYTES].replace("\r", " ").replace("\n", " ")])
    except RecursionError:  # comments in comments in comments
        return []
    return [
        Named(address, one_line(decoded(name))[:NAME_CHARACTERS]) for name, address in found[:MOST] if "@" in address
    ]


def ours_among(addresses: Collection[str], own: Collection[str]) -> str | None:
    """The first of our own addresses that one of these is, whatever its tag; canonical."""
    for address in addresses:
        spelt = canonical(address)
        if spelt is None:
            continue
        for candidate in (spelt, without_tag(spelt)):
            if candidate in own:
                return candidate
    return None
