"""Which addresses outgoing requests may reach: public ones, and what the operator let through by name or range.

What is judged is the address really dialled, so that a name that resolves elsewhere a second time (rebinding), a
redirect, or an odd notation of 127.0.0.1 changes nothing.
"""

import ipaddress
from collections.abc import Iterable

from gateway.domain.record import record

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# Python knows private and reserved ranges; these carry an IPv4 address inside, or are private by another name.
_TRANSLATED = (
    ipaddress.ip_network("64:ff9b::/96"),  # NAT64, RFC 6052
    ipaddress.ip_network("64:ff9b:1::/48"),  # NAT64 of a local network, RFC 8215
    ipaddress.ip_network("2002::/16"),  # 6to4
    ipaddress.ip_network("2001::/32"),  # Teredo
    ipaddress.ip_network("::/96"),  # IPv4-compatible
    ipaddress.ip_network("::ffff:0:0:0/96"),  # SIIT, RFC 2765
    ipaddress.ip_network("fec0::/10"),  # site-local
    ipaddress.ip_network("5f00::/16"),  # segment routing
    ipaddress.ip_network("3fff::/20"),  # documentation, RFC 9637
    ipaddress.ip_network("192.88.99.0/24"),  # 6to4 relays
    ipaddress.ip_network("192.0.0.0/24"),  # IETF protocol assignments
)


# Private networks, carriers' own (RFC 6598), unique local addresses, and this machine.
_LINES = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "127.0.0.0/8", "::1")


class AddressForbidden(OSError):
    """The address that was about to be dialled is not one the gateway may reach."""


@record
class _Exception:
    port: int | None
    host: str | None = None
    network: Network | None = None


class Reachable:
    """The guard. `allowed` are hosts, `host:port`, addresses or CIDR ranges, as in ONETHREAD_ALLOW_HOSTS."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._exceptions = tuple(_parse(text) for text in allowed if text.strip())

    def with_lines(self) -> "Reachable":
        """A guard that also lets through where leased lines, tunnels and programs of this machine end.

        Link-local addresses, where clouds keep their secrets, stay closed, as does what carries another address inside.
        """
        wider = Reachable(_LINES)
        wider._exceptions += self._exceptions
        return wider

    def names(self, host: str, port: int) -> bool:
        """Whether the operator let this very host through by name; then its address doesn't matter."""
        host = host.lower().rstrip(".")
        return any(one.host == host and one.port in (None, port) for one in self._exceptions)

    def lets_through(self, host: str, port: int) -> bool:
        """Whether the operator let this host through, by its name or as the address it is."""
        try:
            return self.names(host, port) or self._allows(ipaddress.ip_address(host), port)
        except ValueError:
            return False

    def check(self, address: str, port: int) -> None:
        """Raises AddressForbidden for an address nobody outside could reach either."""
        dialled = ipaddress.ip_address(address.partition("%")[0])
        if isinstance(dialled, ipaddress.IPv6Address) and dialled.ipv4_mapped is not None:
            dialled = dialled.ipv4_mapped
        if not _is_public(dialled) and not self._allows(dialled, port):
            raise AddressForbidden(
                f"{address} is not a public address. If it is meant, name it in ONETHREAD_ALLOW_HOSTS."
            )

    def permits(self, address: str, port: int) -> bool:
        """Whether an address may be dialled; no for what is none."""
        try:
            self.check(address, port)
        except (AddressForbidden, ValueError):
            return False
        return True

    def _allows(self, address: IpAddress, port: int) -> bool:
        return any(
            one.network is not None and address in one.network and one.port in (None, port) for one in self._exceptions
        )


def _is_public(address: IpAddress) -> bool:
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return not any(address in network for network in _TRANSLATED if network.version == address.version)


def _parse(text: str) -> _Exception:
    """`host`, `host:port`, `10.0.0.5`, `10.0.0.5:8080`, `[::1]:8080`, `10.0.0.0/8`."""
    text = text.strip().lower()
    try:
        return _Exception(None, network=ipaddress.ip_network(text, strict=False))
    except ValueError:
        pass
    host, colon, port = text.rpartition(":")
    if not colon:
        host, port = text, ""
    if port and not port.isdecimal():
        raise ValueError(f"ONETHREAD_ALLOW_HOSTS: {text} is no host, host:port or range")
    number = int(port) if port else None
    host = host.removeprefix("[").removesuffix("]").rstrip(".")
    try:
        return _Exception(number, network=ipaddress.ip_network(host))
    except ValueError:
        return _Exception(number, host=host)
