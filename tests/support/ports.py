"""Ports on the loopback interface."""

import random
import socket

LOOPBACK = "127.0.0.1"

# The system gives those above to outgoing connections, and to whoever asks for any port.
_RANGE = range(15_000, 32_000)


def find_free_port() -> int:
    """A TCP port on 127.0.0.1 that nothing listens on; nobody else who asks here gets it while this process lives.

    What holds it is the UDP port of the same number: a server may be started on it late, killed, and started again.
    """
    while True:
        port = random.choice(_RANGE)
        with socket.socket(type=socket.SOCK_DGRAM) as mark, socket.socket() as probe:
            try:
                mark.bind((LOOPBACK, port))
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            mark.detach()  # stays open as long as this process
            return port
