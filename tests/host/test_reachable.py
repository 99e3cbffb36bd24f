"""Which addresses an outgoing request may dial."""

import pytest

from gateway.host.reachable import AddressForbidden, Reachable


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1",
        "255.255.255.255", "192.88.99.1", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1", "3fff::1",
        "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "5f00::1", "::ffff:0:7f00:1",
    ],
)  # fmt: skip
def test_nothing_private_is_dialled(address: str) -> None:
    with pytest.raises(AddressForbidden):
        Reachable().check(address, 443)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "2a00:1450:4001::1", "::ffff:8.8.8.8"])
def test_the_rest_of_the_world_is(address: str) -> None:
    Reachable().check(address, 443)


@pytest.mark.parametrize(
    ("allowed", "address", "port", "passes"),
    [
        ("10.0.0.0/8", "10.1.2.3", 80, True),
        ("10.0.0.0/8", "11.1.2.3", 80, True),
        ("10.0.0.0/8", "192.168.0.1", 80, False),
        ("127.0.0.1", "127.0.0.1", 9999, True),
        ("127.0.0.1:8080", "127.0.0.1", 8080, True),
        ("127.0.0.1:8080", "127.0.0.1", 8081, False),
        ("[::1]:8080", "::1", 8080, True),
        ("::1", "::1", 5, True),
        ("[::1]:8080", "::1", 81, False),
        ("centre.example", "127.0.0.1", 80, False),
    ],
)
def test_what_the_operator_let_through(allowed: str, address: str, port: int, passes: bool) -> None:
    guard = Reachable([allowed])
    if passes:
        guard.check(address, port)
    else:
        with pytest.raises(AddressForbidden, match="ONETHREAD_ALLOW_HOSTS"):
            guard.check(address, port)


@pytest.mark.parametrize(
    ("allowed", "host", "port", "named"),
    [
        ("centre.example", "centre.example", 80, True),
        ("centre.example", "CENTRE.example.", 80, True),
        ("centre.example", "evil.centre.example", 80, False),
        ("centre.example:8080", "centre.example", 8080, True),
        ("centre.example:8080", "centre.example", 80, False),
    ],
)
def test_hosts_by_name(allowed: str, host: str, port: int, named: bool) -> None:
    assert Reachable([allowed]).names(host, port) is named


def test_rubbish_is_told() -> None:
    with pytest.raises(ValueError, match="host:port"):
        Reachable(["http://centre.example/path:x"])
