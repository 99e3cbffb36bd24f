"""Whatever the core says to people stands among the sentences that pages translate (`gateway/web/told.py`)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import gateway
from gateway.web.told import SENTENCES

CORE = Path(gateway.__file__).parent / "core"
SAYING = frozenset({"conflict", "invalid", "forbidden", "Refused", "FieldError", "Vote"})
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
    for path in sorted(CORE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in SAYING:
                for one in [*node.args, *(keyword.value for keyword in node.keywords)]:
                    sentence = _said_by(one)
                    if sentence is not None:
                        yield path.name, sentence


def test_every_sentence_of_the_core_can_be_translated() -> None:
    known = {VALUE.sub("{}", one) for one in SENTENCES}
    missing = [f"{name}: {sentence}" for name, sentence in _spoken() if sentence not in known]
    assert not missing, "add them to SENTENCES of gateway/web/told.py:\n" + "\n".join(missing)
    assert len(list(_spoken())) > 100
