"""Imports every module of the product while anything but importing is forbidden; run in a process of its own."""

import importlib
import sys
import threading
import traceback
from pathlib import Path
from unittest.mock import patch

FORBIDDEN = {
    "os.fork": "starts a process",
    "os.mkdir": "makes a folder",
    "os.putenv": "sets a variable",
    "os.remove": "removes a file",
    "os.rename": "renames a file",
    "os.system": "starts a process",
    "socket.bind": "opens a port",
    "socket.connect": "connects to something",
    "socket.getaddrinfo": "asks for a name",
    "sqlite3.connect": "opens a database",
    "subprocess.Popen": "starts a process",
}
ALEMBIC = "gateway.storage.migrations"  # alembic runs these files, nobody imports them


def watch(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: raises on what importing must not do."""
    if event in FORBIDDEN:
        raise RuntimeError(f"importing {FORBIDDEN[event]}: {event}{arguments!r:.200}")
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wxa+"):
        raise RuntimeError(f"importing writes a file: {arguments[0]!r}")


def find_modules(packages: list[Path]) -> list[str]:
    """Dotted names of all modules in some package folders."""
    names = []
    for package in packages:
        for path in package.rglob("*.py"):
            parts = path.relative_to(package.parent).with_suffix("").parts
            names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return sorted(name for name in names if not name.startswith(ALEMBIC))


def main() -> int:
    """Imports the modules of the package folders named on the command line; 1 if any does more."""
    packages = [Path(word) for word in sys.argv[1:]]
    sys.path[:0] = [str(package.parent) for package in packages]
    sys.addaudithook(watch)
    failed = 0
    no_threads = patch.object(threading.Thread, "start", side_effect=RuntimeError("importing starts a thread"))
    for name in find_modules(packages):
        try:
            with no_threads:  # Python 3.11 raises no audit event for them
                importlib.import_module(name)
        except BaseException:  # noqa: BLE001  # whatever a module does instead of importing is the finding
            traceback.print_exc()
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
