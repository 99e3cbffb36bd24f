"""What is sent: a JSON document with `{{words}}` in its texts, so that nothing anybody writes can break out of it."""

import json
import re
from collections.abc import Mapping
from typing import Any

WORDS = ("from", "to", "body", "subject", "channel", "id", "attempt", "media")
_WORD = re.compile(r"{{\s*(\w+)\s*}}")


def parse_template(template: str | Mapping[str, Any]) -> Any:
    """The document of a template, checked. Raises ValueError with a sentence for people."""
    try:
        document = json.loads(template) if isinstance(template, str) else template
    except (ValueError, RecursionError) as error:
        raise ValueError("send_template is no JSON; the words in it belong between quotes") from error
    for word in sorted(set(_WORD.findall(json.dumps(document)))):
        if word not in WORDS:
            raise ValueError(f"send_template: there is no {{{{{word}}}}}; there are {', '.join(WORDS)}")
    return document


def fill(document: Any, words: Mapping[str, Any]) -> Any:
    """The document with its words replaced. A text that is one word alone becomes its value, lists included."""
    match document:
        case str():
            alone = _WORD.fullmatch(document.strip())
            if alone:
                return words[alone[1]]
            return _WORD.sub(lambda found: _text(words[found[1]]), document)
        case Mapping():
            return {name: fill(value, words) for name, value in document.items()}
        case list():
            return [fill(value, words) for value in document]
        case _:
            return document


def _text(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
