"""Reading a request's body: size, content type, JSON within its limits, then the type it must have.

400 for what can't be read, 413 for too much, 415 for another content type, 422 for the right form with a wrong value.
"""

import re
from typing import Any, TypeVar

import msgspec
from aiohttp import web

from gateway.core.errors import FieldError
from gateway.web import problems
from gateway.web.problems import Problem
from gateway.web.state import Limits

T = TypeVar("T")

_decoder = msgspec.json.Decoder()
_PLACE = re.compile(r"(?P<what>.*) - at `\$\.?(?P<place>.*)`$", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<field>.*)`", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<field>.*)`", re.DOTALL)
_MOST_DIGITS = 1 << 63


async def read_bytes(request: web.Request, limit: int) -> bytes:
    """The whole body. Problem 413 as soon as it is known to be larger than `limit` bytes, 415 for a packed one."""
    if request.headers.get("Content-Encoding", "identity").lower() not in ("", "identity"):
        raise Problem(415, "unsupported-content-coding", "Send the body as it is, without Content-Encoding.")
    if request.content_length is not None and request.content_length > limit:
        raise problems.too_large(limit)
    try:
        if request.content_length is not None:
            return await request.content.read()  # the parser hands over no more than was announced
        chunks = bytearray()
        async for chunk in request.content.iter_any():
            chunks += chunk
            if len(chunks) > limit:
                raise problems.too_large(limit)
    except ConnectionResetError:
        raise cut_off() from None
    return bytes(chunks)


def cut_off() -> Problem:
    """Whoever asked left in the middle of what they had to say: no fault of ours, and nobody reads it."""
    return problems.malformed("The connection ended before the request did.")


def require_json(request: web.Request) -> None:
    """Problem 415 unless the body is declared to be JSON in UTF-8."""
    charset = request.charset
    if request.content_type != "application/json" or (charset is not None and charset.lower() not in {"utf-8", "utf8"}):
        raise Problem(415, "unsupported-media-type", "Send JSON in UTF-8, with Content-Type: application/json.")


def parse_json(content: bytes, limits: Limits) -> Any:
    """JSON as plain values. Problem 400 for what is no JSON, NaN, numbers and depths and strings beyond the limits."""
    if not content.strip():
        raise problems.malformed("The body is empty; send a JSON object.")
    try:
        value = _decoder.decode(content)
    except RecursionError:
        raise problems.malformed(f"JSON may be {limits.json_depth} levels deep.", "too-deep") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise problems.malformed(f"This is not JSON: {error}.") from None
    _check(value, limits, limits.json_depth)
    return value


def _check(value: Any, limits: Limits, depth: int) -> None:
    if isinstance(value, str):
        _check_text(value, limits)
    elif isinstance(value, dict):
        _check_depth(depth, limits)
        for key, item in value.items():
            _check_text(key, limits)
            _check(item, limits, depth - 1)
    elif isinstance(value, list):
        _check_depth(depth, limits)
        for item in value:
            _check(item, limits, depth - 1)
    elif isinstance(value, int) and not -_MOST_DIGITS <= value < _MOST_DIGITS:
        raise problems.malformed("A number has more than 63 bits.", "too-large-number")


def _check_depth(depth: int, limits: Limits) -> None:
    if depth <= 0:
        raise problems.malformed(f"JSON may be {limits.json_depth} levels deep.", "too-deep")


def _check_text(text: str, limits: Limits) -> None:
    if len(text) > limits.string:
        raise problems.malformed(f"A string may have {limits.string:,} characters.", "too-long-string")


def canonical(content: bytes) -> bytes:
    """The same bytes for the same JSON, however it was spaced and its fields ordered; anything else as it is."""
    try:
        return msgspec.json.encode(_decoder.decode(content), order="deterministic")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return content


def to_type(value: Any, kind: type[T], *, strict: bool = True) -> T:
    """The value as `kind`. Problem 422 naming the field; `strict=False` reads numbers out of query strings."""
    try:
        converted = msgspec.convert(value, kind, strict=strict)
    except msgspec.ValidationError as error:
        raise _of_validation(str(error)) from None
    _refuse_nul(value, "")
    return converted


def _refuse_nul(value: Any, place: str) -> None:
    """No text of a person has NUL in it, and PostgreSQL stores none."""
    if isinstance(value, str):
        if "\0" in value:
            raise problems.invalid(place, "Text can't contain the character NUL (U+0000).", "nul")
    elif isinstance(value, dict):
        for key, item in value.items():
            _refuse_nul(key, place or str(key))
            _refuse_nul(item, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _refuse_nul(item, f"{place}[{index}]")


def _of_validation(text: str) -> Problem:
    match = _PLACE.match(text)
    what, place = (match["what"], match["place"]) if match else (text, "")
    field, message = place, what
    if unknown := _UNKNOWN.match(what):
        field = f"{place}.{unknown['field']}" if place else unknown["field"]
        message = "is not a field here"
    elif missing := _MISSING.match(what):
        field = f"{place}.{missing['field']}" if place else missing["field"]
        message = "is required"
    error = FieldError(field, f"{message[:1].upper()}{message[1:]}.")
    sentence = f"{field}: {message}." if field else f"{error.message}"
    return Problem(422, "invalid", sentence, (error,))
