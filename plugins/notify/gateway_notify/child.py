"""The process that speaks to a service. It asks before each connection, and starts no program.

One JSON object comes on standard input, `{"target", "text"}`; questions `{"reach": [address, port]}` go out, each
answered with a line, `yes` or `no`; last comes `{"sent", "why"}`.
"""

import json
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, TextIO

_CONNECTING = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_STARTING = frozenset({"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork"})
NOT_PUBLIC = "Its address is not a public one. If it is meant, name it in ONETHREAD_ALLOW_HOSTS."


class Forbidden(OSError):
    """Nobody outside could reach that address either, or a program was to be started."""


class Gate:
    """An audit hook: it sees the address that is really dialled, whatever name or redirect led there."""

    def __init__(self, asks: TextIO, answers: TextIO) -> None:
        self._asks = asks
        self._answers = answers
        self.refused = False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Raises Forbidden."""
        if event in _STARTING:
            raise Forbidden(event)
        if event in _CONNECTING:
            where = arguments[1] if len(arguments) > 1 else None
            if not (isinstance(where, tuple) and len(where) >= 2 and self._may_reach(where)):
                self.refused = True
                raise Forbidden("the address is not one that may be reached")

    def _may_reach(self, where: tuple[Any, ...]) -> bool:
        say(self._asks, {"reach": [str(where[0]).partition("%")[0], int(where[1])]})
        return self._answers.readline().strip() == "yes"


def say(to: TextIO, what: dict[str, Any]) -> None:
    """A line of JSON."""
    to.write(json.dumps(what) + "\n")
    to.flush()


def tell(apprise: Any, target: str, text: str) -> str | None:
    """Why it was not told; None when it was."""
    asset = apprise.AppriseAsset(app_id="Onethread", app_desc="", app_url="", plugin_paths=[], async_mode=False)
    service = apprise.Apprise.instantiate(target, asset=asset)
    if service is None:
        return "The target is not complete: look at how targets of this service are written."
    return None if service.notify(body=text, title="") else "The service did not take it."


def main(asks: TextIO, answers: TextIO, add_hook: Callable[[Callable[..., None]], None] = sys.addaudithook) -> None:
    """One notice."""
    job = json.loads(answers.readline())
    # Here and not above: the server has no use for it. Before the gate closes, since loading it looks for programs.
    apprise = import_module("apprise")
    gate = Gate(asks, answers)
    add_hook(gate)
    try:
        why = tell(apprise, job["target"], job["text"])
    except Exception:  # noqa: BLE001  whatever it says may repeat the target
        why = "The service could not be told."
    say(asks, {"sent": why is None, "why": NOT_PUBLIC if why and gate.refused else why})


if __name__ == "__main__":
    main(sys.stdout, sys.stdin)
