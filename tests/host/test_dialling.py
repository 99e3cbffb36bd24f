"""TCP for what isn't HTTP, under the same guard."""

import socket

import pytest

from gateway.host.dialling import Dialler
from gateway.host.reachable import AddressForbidden, Reachable


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "::1", "0x7f.1", "2130706433", "::ffff:127.0.0.1"]
)
async def test_nobody_private_is_dialled(host: str) -> None:
    with pytest.raises(AddressForbidden):
        await Dialler(Reachable())(host, 25)


@pytest.mark.parametrize("allowed", ["127.0.0.1", "127.0.0.0/8", "localhost"])
async def test_but_whom_the_operator_let_through(allowed: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        connection = await Dialler(Reachable([allowed]))("localhost", port)
        with connection:
            assert connection.getpeername()[1] == port
            assert connection.gettimeout() == 0


async def test_a_line_ends_where_it_ends() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        (await Dialler(Reachable().with_lines())("localhost", port)).close()


@pytest.mark.parametrize(
    "host", ["10.0.0.1", "172.31.255.1", "192.168.1.1", "100.64.0.1", "fd00::1", "::ffff:10.0.0.1"]
)
def test_private_networks_are_lines(host: str) -> None:
    Reachable().with_lines().check(host, 2775)


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "fe80::1", "0.0.0.0", "224.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"]
)
async def test_no_line_ends_there(host: str) -> None:
    with pytest.raises(AddressForbidden):
        await Dialler(Reachable().with_lines())(host, 2775)
    Reachable([host]).with_lines().check(host, 2775)


async def test_a_name_that_is_none_and_a_port_that_is_closed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    for host, said in (
        ("no such host", "there is no host"),
        (f"{'x' * 70}.example", "is no host name|there is no host"),
    ):
        with pytest.raises(OSError, match=said):
            await Dialler(Reachable())(host, 25)
    with pytest.raises(ConnectionRefusedError, match=r"^it refused the connection$"):
        await Dialler(Reachable(["127.0.0.1"]))("127.0.0.1", port)


async def test_a_host_that_does_not_answer_is_given_up() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        filling = [socket.socket() for _ in range(3)]
        for one in filling:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        try:
            with pytest.raises(TimeoutError, match="did not answer"):
                await Dialler(Reachable(["127.0.0.1"]), timeout_s=0.1)("127.0.0.1", port)
        finally:
            for one in filling:
                one.close()
