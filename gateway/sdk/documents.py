"""JSON that a plugin reads and writes as its settings say: where a field stands, and texts with words to fill in.

A path is `from`, `message.text` or `results[0].id`, with or without `$.` in front.
"""

import json
import mimetypes
import re
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from gateway.sdk.errors import WebhookError
from gateway.sdk.values import MediaReference
from gateway.sdk.webhook import WebhookRequest

FORM = "application/x-www-form-urlencoded"
_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")
_WORD = re.compile(r"{{\s*(\w+)\s*}}")


def read_document(request: WebhookRequest) -> Any:
    """What a webhook says: the JSON or form of its body, or for a GET its query. Raises WebhookError."""
    if request.method == "GET":
        return dict(request.query)
    try:
        text = request.body.decode()
        if request.headers.get("content-type", "").partition(";")[0].strip() == FORM:
            return dict(parse_qsl(text, keep_blank_values=True))
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WebhookError("The body is neither JSON nor a form.") from error


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


def look_media(document: Any, path: str) -> tuple[MediaReference, ...]:
    """The files there: a URL or a list of URLs, fetched later. Raises WebhookError for anything else."""
    found = look(document, path)
    return tuple(_file_at(url) for url in (found if isinstance(found, list) else [found] if found else ()))


def need_text(document: Any, path: str) -> str:
    """The text there, which must be there. Raises WebhookError."""
    found = look_text(document, path)
    if not found:
        raise WebhookError(f"{path} is missing, or no text.")
    return found


def parse_template(template: str | Mapping[str, Any], words: Collection[str]) -> Any:
    """The JSON document of a template, in which `{{word}}` is one of `words`. Raises ValueError with a sentence."""
    try:
        document = json.loads(template) if isinstance(template, str) else template
    except (ValueError, RecursionError) as error:
        raise ValueError("the template is no JSON; the words in it belong between quotes") from error
    for word in sorted(set(_WORD.findall(json.dumps(document)))):
        if word not in words:
            raise ValueError(f"in the template there is no {{{{{word}}}}}; there are {', '.join(words)}")
    return document


def fill(document: Any, words: Mapping[str, Any]) -> Any:
    """The document with its words replaced, so that nothing anybody writes can break out of it.

    A text that is one word alone becomes its value, lists included.
    """
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


def _file_at(url: Any) -> MediaReference:
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https"):
        raise WebhookError("Media are no URLs.")
    return MediaReference(mimetypes.guess_type(parts.path)[0] or "application/octet-stream", url=url)


def _text(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
