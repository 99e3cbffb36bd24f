"""What core and pages say to people stands among the sentences that pages translate (`gateway/web/told.py`)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import gateway
from gateway.web.told import SENTENCES

HERE = Path(gateway.__file__).parent
FOLDERS = (HERE / "core", HERE / "web")
PROGRAMS = HERE / "web" / "api"
"""Calls answer programs, in English; what pages show of them is among the sentences too."""
SAYING = frozenset(
    {"conflict", "invalid", "forbidden", "unauthorized", "too_many", "Problem", "Refused", "FieldError", "Vote"}
)
LEFT_OUT = frozenset(
    {"No such {}, or it is not yours to see.", "Send a token (Authorization: Bearer ...), or sign in."}
)
"""Pages have words of their own for these."""
VALUE = re.compile(r"%\(\w+\)s")


def _said_by(node: ast.expr) -> str | None:
    """A sentence as it is written: `{}` for each of its values. None for what is none."""
    if isinstance(node, ast.JoinedStr):
        found = "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        found = node.value
    else:
        return None
    return found if " " in found else None


def _spoken() -> Iterator[tuple[str, str]]:
    paths = (path for folder in FOLDERS for path in folder.rglob("*.py") if PROGRAMS not in path.parents)
    for path in sorted(paths):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in SAYING:
                for one in [*node.args, *(keyword.value for keyword in node.keywords)]:
                    sentence = _said_by(one)
                    if sentence is not None and sentence not in LEFT_OUT:
                        yield path.name, sentence


def test_every_sentence_can_be_translated() -> None:
    known = {VALUE.sub("{}", one) for one in SENTENCES}
    missing = [f"{name}: {sentence}" for name, sentence in _spoken() if sentence not in known]
    assert not missing, "add them to SENTENCES of gateway/web/told.py:\n" + "\n".join(missing)
    assert len(list(_spoken())) > 100
