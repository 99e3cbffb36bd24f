"""Whether a webhook is Twilio's own, by the official SDK's validator."""

from collections.abc import Mapping, Sequence

from twilio.request_validator import (  # type: ignore[import-untyped]
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

from gateway.sdk import WebhookError, WebhookRequest
from gateway_sms_twilio.forms import form_of, is_json

HEADER = "x-twilio-signature"
BODY_HASH = "bodySHA256"


class Verifier:
    """Takes whatever one of the tokens signed: while they are rotated, Twilio signs by the old one or the new one."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self._validators = [RequestValidator(token) for token in tokens]

    def is_genuine(self, request: WebhookRequest) -> bool:
        """Compared in constant time, over the public URL and all that was posted."""
        signature = request.headers.get(HEADER, "")
        said = _signed(request)
        if not signature or said is None:
            return False
        algorithm = get_signature_algorithm(request.headers.get(SIGNATURE_SETTINGS_HEADER.lower()))
        try:
            # All are asked: how long it takes says nothing about which token was near.
            answers = [one.validate(request.url, said, signature, algorithm) for one in self._validators]
        except ValueError:  # a URL, or a character, that nobody can have signed
            return False
        return any(answers)


def _signed(request: WebhookRequest) -> Mapping[str, str] | str | None:
    """What the signature covers beside the URL: a form's fields, or a body whose hash is part of the URL."""
    if request.method == "GET":
        return {} if not request.body else None
    if is_json(request):
        # Without its hash in the URL the body would be covered by nothing.
        return request.body.decode("utf-8", "replace") if request.query.get(BODY_HASH) else None
    try:
        return form_of(request.body)
    except WebhookError:
        return None
