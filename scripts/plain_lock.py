"""Takes every URL out of package-lock.json: hashes say what a package is, npm's settings where."""

import json
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "package-lock.json"


def plain(lock: dict[str, dict[str, dict[str, object]]]) -> None:
    """Removes the fields of every locked package that hold addresses; `npm ci` reads none of them."""
    for package in lock["packages"].values():
        package.pop("resolved", None)
        package.pop("funding", None)


def main() -> None:
    """Rewrites the lock in npm's own layout."""
    lock = json.loads(LOCK.read_text(encoding="utf-8"))
    plain(lock)
    LOCK.write_text(json.dumps(lock, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
