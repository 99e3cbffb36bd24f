"""TCP connections for what is not HTTP, under the same guard: what is judged is the address really dialled."""

import asyncio
import os
import socket

from gateway.host.reachable import AddressForbidden, Reachable

CONNECT_TIMEOUT_S = 5.0


class Dialler:
    """This is the `dial` of a GatewayContext."""

    def __init__(self, reachable: Reachable, *, timeout_s: float = CONNECT_TIMEOUT_S) -> None:
        self._reachable = reachable
        self._timeout_s = timeout_s

    async def __call__(self, host: str, port: int) -> socket.socket:
        """A connected socket that doesn't block. Raises OSError, AddressForbidden where the guard refuses."""
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._first(host, port)
        except TimeoutError:
            raise TimeoutError(f"{host} did not answer within {self._timeout_s:g} seconds") from None

    async def _first(self, host: str, port: int) -> socket.socket:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except UnicodeError as error:
            raise OSError(f"{host} is no host name") from error
        except socket.gaierror as error:
            raise socket.gaierror("there is no host of that name") from error
        trusted = self._reachable.names(host, port)
        problem: OSError = OSError(f"there is no host {host}")
        for family, kind, protocol, _, where in found:
            try:
                if not trusted:
                    self._reachable.check(str(where[0]), port)
                return await _connected(family, kind, protocol, where)
            except OSError as error:
                # Why one address was refused by us says more than that another was not there.
                problem = problem if isinstance(problem, AddressForbidden) else error
        raise _in_words(problem) from problem


def _in_words(problem: OSError) -> OSError:
    """The same kind of error, said as people read it beside a gateway: no numbers, and none of Python's own."""
    match problem:
        case AddressForbidden():
            return problem
        case ConnectionRefusedError():
            return ConnectionRefusedError("it refused the connection")
        case OSError(errno=int(number)):
            return type(problem)(os.strerror(number).lower())
        case _:
            return problem


async def _connected(family: int, kind: int, protocol: int, where: tuple[object, ...]) -> socket.socket:
    made = socket.socket(family, kind, protocol)
    made.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(made, where)
    except BaseException:
        made.close()
        raise
    return made
