"""Whose word counts: signatures over the public URL, old and new tokens, forms, JSON and plain addresses."""

import hashlib
import json
from dataclasses import replace

import pytest

from gateway.sdk import WebhookError, WebhookRequest
from gateway.testing import Stage
from gateway_sms_twilio.channel import TwilioChannel
from gateway_sms_twilio.forms import form_of
from gateway_sms_twilio.signature import Verifier

from .twilio import NEXT_TOKEN, TOKEN, inbound_form, request_to, sign, signed_form

URL = "https://desk.example/c/gateway-token/inbound"
FORM = inbound_form("SM1", "Tea & 🫖")


@pytest.mark.parametrize(
    ("signed", "asked", "genuine"),
    [
        (URL, URL, True),
        ("https://desk.example:443/c/gateway-token/inbound", URL, True),
        (URL, "https://desk.example:443/c/gateway-token/inbound", True),
        ("http://desk.example/c/gateway-token/inbound", URL, False),
        ("https://desk.example:8443/c/gateway-token/inbound", URL, False),
        ("https://other.example/c/gateway-token/inbound", URL, False),
        (f"{URL}?x=1", URL, False),
        (f"{URL}?x=1&x=%2B", f"{URL}?x=1&x=%2B", True),
        (URL, "https://[desk.example/c/gateway-token/inbound", False),
    ],
)
def test_the_public_address_is_what_was_signed(signed: str, asked: str, genuine: bool) -> None:
    request = replace(signed_form(signed, FORM), url=asked)
    assert Verifier([TOKEN]).is_genuine(request) is genuine


@pytest.mark.parametrize(
    ("tokens", "signed_by", "genuine"),
    [
        ((TOKEN,), TOKEN, True),
        ((TOKEN,), NEXT_TOKEN, False),
        ((TOKEN, NEXT_TOKEN), TOKEN, True),
        ((TOKEN, NEXT_TOKEN), NEXT_TOKEN, True),
        ((TOKEN, NEXT_TOKEN), "a-token-of-nobody", False),
    ],
)
def test_while_tokens_are_rotated_both_verify(tokens: tuple[str, ...], signed_by: str, genuine: bool) -> None:
    assert Verifier(tokens).is_genuine(signed_form(URL, FORM, signed_by)) is genuine


def event(body: bytes, hashed: bytes | None) -> WebhookRequest:
    url = URL if hashed is None else f"{URL}?bodySHA256={hashlib.sha256(hashed).hexdigest()}"
    return sign(request_to(url, body, {"content-type": "application/json; charset=utf-8"}))


@pytest.mark.parametrize(
    ("body", "hashed", "genuine"),
    [
        (b'{"messageSid": "SM1"}', b'{"messageSid": "SM1"}', True),
        (b'{"messageSid": "SM2"}', b'{"messageSid": "SM1"}', False),
        (b'{"messageSid": "SM1"} ', b'{"messageSid": "SM1"}', False),
        (b'{"messageSid": "SM1"}', None, False),
        (b"\xff", b"\xff", False),
    ],
)
def test_json_is_signed_by_its_hash_in_the_address(body: bytes, hashed: bytes | None, genuine: bool) -> None:
    assert Verifier([TOKEN]).is_genuine(event(body, hashed)) is genuine


def test_a_number_may_be_set_to_get() -> None:
    asked = request_to(f"{URL}?MessageSid=SM1&From=%2B14155550148", b"", {}, "GET")
    verifier = Verifier([TOKEN])
    assert verifier.is_genuine(sign(asked))
    assert not verifier.is_genuine(replace(sign(asked), url=f"{URL}?MessageSid=SM2&From=%2B14155550148"))
    assert not verifier.is_genuine(replace(sign(asked), body=b"Body=added"))


async def test_an_event_stream_says_what_a_form_says(stage: Stage[TwilioChannel]) -> None:
    told = [
        {
            "specversion": "1.0",
            "type": "com.twilio.messaging.inbound-message.received",
            "data": {"messageSid": "SM7", "from": "+14155550148", "to": "+14155550100", "body": "Hi", "numMedia": 0},
        },
        {
            "specversion": "1.0",
            "type": "com.twilio.messaging.message.undelivered",
            "data": {"messageSid": "SM8", "messageStatus": "UNDELIVERED", "errorCode": 30005},
        },
    ]
    body = json.dumps(told).encode()
    answer = await stage.receive(event(body, body))
    assert answer.status == 200
    [message], [receipt] = stage.inbounds, stage.receipts
    assert (message.provider_id, message.body, message.channel) == ("SM7", "Hi", "sms")
    assert (receipt.provider_ids, receipt.state, receipt.code) == (("SM8",), "undelivered", "30005")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"", {}),
        (b"A=1&B=&=x&C", {"A": "1", "B": "", "": "x", "C": ""}),
        (b"A=a+b%2Bc%20d", {"A": "a b+c d"}),
        (b"A=%F0%9F%AB%96", {"A": "🫖"}),
        (b"A=%ff%zz%4", {"A": "\N{REPLACEMENT CHARACTER}%zz%4"}),
        (b"A=1=2&A%42=3", {"A": "1=2", "AB": "3"}),
    ],
)
def test_forms_are_read_as_they_were_meant(body: bytes, fields: dict[str, str]) -> None:
    assert form_of(body) == fields


def test_a_form_in_raw_utf_8_is_none() -> None:
    with pytest.raises(WebhookError):
        form_of("A=ä".encode())
