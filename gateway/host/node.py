"""Who this process is: a name that stays over restarts, so that it takes up at once what its last life left."""

import fcntl
import os
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

_MOST = 64


class Node:
    """A name under the data folder's own, held by a lock for as long as the process lives.

    Whoever holds the name knows that its earlier holder is dead: leases of that name are its own to take up.
    """

    def __init__(self, name: str, lock: BinaryIO) -> None:
        self.name = name
        self._lock = lock

    def close(self) -> None:
        """Lets the next process have the name."""
        self._lock.close()


def take_node(folder: Path) -> Node:
    """The first free name of this data folder. OSError when there are more processes than names."""
    folder.mkdir(parents=True, exist_ok=True)
    base = _base_name(folder / "node")
    for number in range(_MOST):
        lock = (folder / f"node-{number}.lock").open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            continue
        return Node(f"{base}-{number}", lock)
    raise OSError(f"{folder} is in use by {_MOST} processes already")


def _base_name(path: Path) -> str:
    """Made once, by whoever comes first."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.write_text(uuid4().hex[:12], encoding="ascii")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()
