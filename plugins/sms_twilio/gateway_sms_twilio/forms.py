"""What a webhook says, as fields by the names Twilio gives them in its forms.

Forms are what Twilio posts to the addresses of a number. Event Streams post JSON, a list of CloudEvents, whose `data`
says the same in other spelling; both are read alike.
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_plus

from gateway.sdk import WebhookError, WebhookRequest

Fields = Mapping[str, str]


def is_json(request: WebhookRequest) -> bool:
    """Whether the body is JSON and no form."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower().endswith("json")


def fields_of(request: WebhookRequest) -> Sequence[Fields]:
    """One set of fields for each thing said. Raises WebhookError for a body that is neither form nor JSON."""
    if request.method == "GET":
        return (request.query,)
    return _events(request.body) if is_json(request) else (form_of(request.body),)


class Form(dict[str, str]):
    """The fields of a form. Twilio's validator asks for all values of a name; who has no `getall` costs it twice."""

    def getall(self, name: str) -> list[str]:
        """The one value of that name."""
        return [self[name]]


# A webhook's form is read to verify it and again to parse it.
@lru_cache(maxsize=16)
def form_of(body: bytes) -> Form:
    """The fields of a form, as they were before they were encoded. Raises WebhookError.

    A third of the time `urllib.parse.parse_qsl` takes: most values of these forms have nothing to decode.
    """
    try:
        text = body.decode("ascii")
    except UnicodeDecodeError as error:
        raise WebhookError("The form is not encoded as a form.") from error
    pairs = (pair.partition("=") for pair in text.split("&") if pair)
    return Form((_decoded(name), _decoded(value)) for name, _, value in pairs)


def _decoded(text: str) -> str:
    return unquote_plus(text) if "%" in text or "+" in text else text


def _events(body: bytes) -> Sequence[Fields]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise WebhookError("The body is no JSON.") from error
    events = document if isinstance(document, list) else [document]
    if not events or not all(isinstance(event, dict) for event in events):
        raise WebhookError("The body is JSON, but tells of no event.")
    return [_fields_of_event(event) for event in events]


def _fields_of_event(event: Mapping[str, Any]) -> Fields:
    """`messageSid` is `MessageSid` in a form; numbers are written as a form writes them."""
    data = event.get("data", event)
    if not isinstance(data, dict):
        raise WebhookError("An event without data.")
    plain = {name: value for name, value in data.items() if isinstance(value, str | int | float)}
    return {f"{name[:1].upper()}{name[1:]}": str(value) for name, value in plain.items()}
