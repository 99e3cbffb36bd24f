"""Ports on the loopback interface."""

import socket

LOOPBACK = "127.0.0.1"


def find_free_port() -> int:
    """A TCP port on 127.0.0.1 that nothing listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port
