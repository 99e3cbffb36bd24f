"""Where a field stands in a document: `from`, `message.text`, `results[0].id`, with or without `$.` in front."""

import re
from collections.abc import Mapping
from typing import Any

_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")


def parse_path(text: str) -> tuple[str | int, ...]:
    """The steps of a path; none for the document itself. Raises ValueError."""
    rest = text.strip().removeprefix("$")
    steps: list[str | int] = []
    while rest:
        found = _STEP.match(rest)
        if found is None:
            raise ValueError(f"{text} is no path; write it like message.from or items[0].id")
        steps.append(found[1] if found[1] is not None else int(found[2]))
        rest = rest[found.end() :]
    return tuple(steps)


def look(document: Any, path: str) -> Any:
    """What stands there; None where nothing does."""
    for step in parse_path(path):
        match document, step:
            case Mapping(), str():
                document = document.get(step)
            case list(), int() if step < len(document):
                document = document[step]
            case _:
                return None
    return document


def look_text(document: Any, path: str) -> str | None:
    """The text there, or a whole number as text: some write phone numbers so. None for anything else."""
    found = look(document, path)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found if isinstance(found, str) else None
