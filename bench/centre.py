"""node-smpp as a message centre, in a process of its own on the generator's core."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.machine import cores
from bench.served import Served
from tests.support.ports import find_free_port

_SCRIPT = Path(__file__).parent / "peers" / "smsc.js"


@contextmanager
def message_centre(*, receipts: bool) -> Iterator[int]:
    """Its port."""
    port = find_free_port()
    words = ["env", f"RECEIPTS={int(receipts)}", "node", str(_SCRIPT), str(port)]
    with Served(words, core=cores().generator) as served:
        served.process.wait_for_line("listening")
        yield port
