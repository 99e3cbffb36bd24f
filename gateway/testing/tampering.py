"""What others do to a webhook: forge it, change it, break it, or add to it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlencode, urlsplit, urlunsplit

from gateway.sdk import WebhookRequest

_FORM = "application/x-www-form-urlencoded"
_UNKNOWN = "x_added_by_the_provider_last_night"


def proofs(signed: WebhookRequest, unsigned: WebhookRequest) -> list[str]:
    """The headers that signing added or changed."""
    return [name for name, value in signed.headers.items() if unsigned.headers.get(name) != value]


def forgeries(signed: WebhookRequest, unsigned: WebhookRequest) -> Iterator[tuple[str, WebhookRequest]]:
    """The request as somebody sends it who does not know the secret."""
    yield "nothing signed", unsigned
    for name in proofs(signed, unsigned):
        value = signed.headers[name]
        yield f"{name} left out", replace(signed, headers=_without(signed.headers, name))
        for what, forged in (
            ("empty", ""),
            ("cut short", value[:-1]),
            ("another", _another(value)),
            ("doubled", value + value),
            ("not ASCII", value[:-1] + "ä"),
        ):
            yield f"{name} {what}", replace(signed, headers={**signed.headers, name: forged})


def changes(signed: WebhookRequest) -> Iterator[tuple[str, WebhookRequest]]:
    """The request as somebody sends it who has read one: the proof is right, and about something else."""
    if signed.body:
        yield (
            "a byte of the body",
            replace(signed, body=signed.body[:-2] + bytes([signed.body[-2] ^ 1]) + signed.body[-1:]),
        )
        yield "a longer body", replace(signed, body=signed.body + b" ")
        yield "no body", replace(signed, body=b"")
    else:
        yield "another query", _with_query(signed, {**signed.query, _UNKNOWN: "1"})


def added(request: WebhookRequest) -> WebhookRequest:
    """The request with a field and a header nobody has heard of."""
    headers = {**request.headers, _UNKNOWN.replace("_", "-"): "1"}
    if _kind(request) == _FORM:
        extra = urlencode({_UNKNOWN: "1"}).encode()
        return replace(request, headers=headers, body=request.body + b"&" + extra if request.body else extra)
    try:
        document = json.loads(request.body)
    except ValueError:
        return replace(_with_query(request, {**request.query, _UNKNOWN: "1"}), headers=headers)
    if isinstance(document, dict):
        document = {**document, _UNKNOWN: {"new": [1, None, "x"]}}
    return replace(request, headers=headers, body=json.dumps(document, ensure_ascii=False).encode())


def broken(request: WebhookRequest) -> Iterator[tuple[str, WebhookRequest]]:
    """The request with a payload nobody can read, or not as it was meant."""
    bodies = {
        "nothing": b"",
        "half": request.body[: len(request.body) // 2],
        "not UTF-8": b"\xff\xfe" + request.body,
        "zeros": b"\0" * 64,
        "a list": b"[]",
        "a number": b"17",
        "null": b"null",
        "no field": b"{}",
        "deep": b"[" * 100_000,
        "text": b"Service Unavailable",
        "half a character": b'{"a": "\\ud800"}',
        "a form of nothing": b"&&==&",
    }
    for label, body in bodies.items():
        yield label, replace(request, body=body)
    yield "no query", _with_query(request, {})
    yield "fields of other types", replace(request, body=_retyped(request.body))
    yield "an action nobody knows", replace(request, action="nothing-of-the-kind")


def _retyped(body: bytes) -> bytes:
    """Every field of a JSON object as something else than it was."""
    try:
        document = json.loads(body)
    except ValueError:
        return body
    if not isinstance(document, Mapping):
        return body
    return json.dumps({name: [] if isinstance(value, str) else "text" for name, value in document.items()}).encode()


def _with_query(request: WebhookRequest, query: Mapping[str, str]) -> WebhookRequest:
    parts = urlsplit(request.url)
    return replace(request, query=dict(query), url=urlunsplit(parts._replace(query=urlencode(query))))


def _kind(request: WebhookRequest) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip()


def _without(headers: Mapping[str, str], name: str) -> dict[str, str]:
    return {other: value for other, value in headers.items() if other != name}


def _another(value: str) -> str:
    """The same length and alphabet: only its middle differs."""
    place = len(value) // 2
    return value[:place] + ("A" if value[place] != "A" else "B") + value[place + 1 :]
