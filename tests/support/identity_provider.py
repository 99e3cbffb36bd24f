"""A certified OpenID Connect provider in a process of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.support.ports import find_free_port
from tests.support.process import ServerProcess
from tests.support.sources import ROOT

CLIENT_ID, CLIENT_SECRET = "messenger", "a secret between the two, with %: in it"


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """Where it is."""

    port: int
    process: ServerProcess

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def identity_provider(callback: str, port: int | None = None) -> Iterator[IdentityProvider]:
    """Runs one that knows a client with this redirect URI, with keys of its own."""
    port = port or find_free_port()
    script = ROOT / "tests" / "support" / "identity_provider.mjs"
    process = ServerProcess(["node", script, str(port), CLIENT_ID, CLIENT_SECRET, callback], cwd=ROOT)
    try:
        process.wait_for_line("Provider ready")
        yield IdentityProvider(port, process)
    finally:
        process.kill()
