"""What the core says stands among the sentences that pages translate, and comes out of them with its values."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import gateway
from gateway.web.language import ENGLISH, Language, Languages
from gateway.web.told import SENTENCES, told

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


@pytest.mark.parametrize(
    ("sentence", "german"),
    [
        ("Tom Becker has this conversation already.", "Tom Becker hat dieses Gespräch schon."),
        ("Last used here", "Hier zuletzt benutzt"),
        ("At most 60 characters; this has 61.", "Höchstens 60 Zeichen; das hier hat 61."),
        ("The cheapest, at 0.0075 USD", "Das günstigste, für 0.0075 USD"),
        ("There is no tag “50% off (%(name)s)”. A supervisor can add it to the workspace.",
         "Das Schlagwort „50% off (%(name)s)“ gibt es nicht. Wer Aufsicht führt, kann es anlegen."),
        ("What a plugin says stays as it is", "What a plugin says stays as it is"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_sentence_keeps_its_values(sentence: str, german: str) -> None:
    languages = Languages()
    assert told(languages.all["de"], sentence) == german
    assert told(ENGLISH, sentence) == sentence


@pytest.mark.parametrize("language", list(Languages().all.values()), ids=lambda one: one.code)
def test_no_sentence_is_taken_for_another(language: Language) -> None:
    for sentence in SENTENCES:
        names = re.findall(r"%\((\w+)\)s", sentence)
        values = {name: f"<{name}>" for name in names}
        said = sentence % values if names else sentence
        assert told(language, said) == (language.gettext(sentence, **values) if names else language.gettext(sentence))
