"""An address of a program that will be called, judged when it is entered: whole, and not one the guard would refuse.

What a name stands for is looked at when it is dialled (`reachable.py`); only names of this very machine are known now.
"""

import ipaddress
import socket

from yarl import URL

from gateway.core.errors import FieldError
from gateway.domain.webhooks import BadUrl
from gateway.domain.webhooks import checked_url as url_of
from gateway.host.reachable import AddressForbidden, Reachable

FORBIDDEN = "address-forbidden"
_THIS_MACHINE = ("127.0.0.1", "::1")


def url_fault(reachable: Reachable, field: str, text: str) -> FieldError | None:
    """What is wrong with an address, told at its field; None where it may be called."""
    try:
        parsed = URL(url_of(text))
    except (BadUrl, ValueError) as error:
        return FieldError(field, str(error))
    try:
        _check(reachable, parsed.host or "", parsed.port or 0)
    except AddressForbidden as error:
        return FieldError(field, str(error), FORBIDDEN)
    return None


def _check(reachable: Reachable, host: str, port: int) -> None:
    if reachable.names(host, port):
        return
    if _is_this_machine(host):
        if not any(reachable.permits(address, port) for address in _THIS_MACHINE):
            raise AddressForbidden(f"{host} is this machine. If it is meant, name it in ONETHREAD_ALLOW_HOSTS.")
        return
    literal = _literal(host)
    if literal is not None:
        reachable.check(literal, port)


def _is_this_machine(host: str) -> bool:
    """`localhost` and all below it, which resolve to loopback whatever a name server says (RFC 6761)."""
    name = host.lower().rstrip(".")
    return name in {"localhost", "localhost.localdomain"} or name.endswith(".localhost")


def _literal(host: str) -> str | None:
    """The address that a host is, also in the odd notations that a resolver takes: 127.1, 0x7f.1, 2130706433."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host.rstrip(".")))
    except (OSError, ValueError):
        return None
