"""The contract, with each way of proving who speaks."""

import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import Any

from gateway.sdk import (
    Inbound,
    MediaReference,
    Outbound,
    PartResult,
    Receipt,
    SendErrorKind,
    SendResult,
    WebhookRequest,
)
from gateway.sdk.ids import format_message_id
from gateway.sdk.proof import Proof
from gateway.sdk.text import Status
from gateway.testing import (
    CONTACT,
    OUR_NUMBER,
    Asked,
    ChannelContract,
    FakeProvider,
    InboundCase,
    OutboundCase,
    Problem,
    Signature,
    json_answer,
    outbound,
    post_form,
    post_json,
)
from gateway_http.channel import HttpChannel

SECRET = "whsec_c2l4dGVlbiBieXRlcyBvciBtb3Jl"
TEXT = {"id": "in-1", "from": CONTACT, "to": OUR_NUMBER, "body": "Hi 👋"}
HELLO = {"from": OUR_NUMBER, "to": CONTACT, "body": "Hello", "media": [], "id": format_message_id(1)}


class TestStandardWebhooks(ChannelContract):
    channel = HttpChannel
    inbound = (
        InboundCase("a text", post_json(TEXT), (Inbound(CONTACT, OUR_NUMBER, "Hi 👋", provider_id="in-1"),)),
        InboundCase("a form", post_form(TEXT), (Inbound(CONTACT, OUR_NUMBER, "Hi 👋", provider_id="in-1"),)),
        InboundCase(
            "a number without quotes",
            post_json({**TEXT, "from": 14155550148, "id": 9}),
            (Inbound("14155550148", OUR_NUMBER, "Hi 👋", provider_id="9"),),
        ),
        InboundCase(
            "a picture",
            post_json({**TEXT, "body": "", "media": ["https://pictures.example/a.png?x=1"]}, "fallback"),
            (
                Inbound(
                    CONTACT,
                    OUR_NUMBER,
                    "",
                    provider_id="in-1",
                    channel="mms",
                    media=(MediaReference("image/png", url="https://pictures.example/a.png?x=1"),),
                ),
            ),
        ),
        InboundCase(
            "delivered",
            post_json({"id": "out-1", "status": "DELIVERED"}, "status"),
            (Receipt(("out-1",), Status.DELIVERED, code="DELIVERED"),),
        ),
        InboundCase(
            "failed",
            post_json({"id": "out-1", "status": "failed", "code": 17}, "status"),
            (Receipt(("out-1",), Status.FAILED, code="17"),),
        ),
        InboundCase(
            "a word nobody knows",
            post_json({"id": "out-1", "status": "queued"}, "status"),
            (Receipt(("out-1",), None, code="queued"),),
        ),
    )
    outbound = (
        OutboundCase(
            "a text",
            outbound("Hello"),
            SendResult((PartResult(1, "out-7"),)),
            answers=(json_answer({"id": "out-7"}, 201),),
            asked=(Asked(path="/messages", headers={"Idempotency-Key": format_message_id(1)}, json=HELLO),),
        ),
        *(
            OutboundCase(f"status {status}", outbound(), Problem(kind, str(status)), answers=(json_answer({}, status),))
            for status, kind in (
                (302, SendErrorKind.MISCONFIGURED),
                (401, SendErrorKind.MISCONFIGURED),
                (403, SendErrorKind.MISCONFIGURED),
                (404, SendErrorKind.REJECTED),
                (422, SendErrorKind.REJECTED),
                (503, SendErrorKind.UNCERTAIN),
            )
        ),
        OutboundCase(
            "patience",
            outbound(),
            Problem(SendErrorKind.THROTTLED, "429", retry_after=7.0),
            answers=(json_answer({}, 429, {"Retry-After": "7"}),),
        ),
        OutboundCase("no id", outbound(), Problem(SendErrorKind.UNCERTAIN), answers=(json_answer({"ok": True}),)),
    )

    def settings(self, far: FakeProvider) -> Mapping[str, Any]:
        return {"send_url": f"{far.url}/messages", "secret": SECRET, "answer_id": "id"}

    def sign(self, request: WebhookRequest, settings: Any) -> WebhookRequest:
        proof = Proof(settings.signing, settings.webhook_secret or settings.secret, settings.signature_header)
        headers = proof.headers("webhook-1", self.now, request.body)
        return replace(request, headers={**request.headers, **{name.lower(): value for name, value in headers.items()}})

    def written(self, body: str, sender: str, identity: str) -> WebhookRequest:
        return post_json({"id": identity, "from": sender, "to": OUR_NUMBER, "body": body})

    def receipt(self, far: FakeProvider, message: Outbound) -> WebhookRequest:
        return post_json({"id": json.loads(far.prepared[-1].body)["id"], "status": "delivered"}, "status")


class TestHmac(TestStandardWebhooks):
    def settings(self, far: FakeProvider) -> Mapping[str, Any]:
        return {**super().settings(far), "signing": "hmac", "signature_header": "X-Api-Signature"}


class TestBearer(TestStandardWebhooks):
    signature = Signature.TOKEN

    def settings(self, far: FakeProvider) -> Mapping[str, Any]:
        return {**super().settings(far), "signing": "bearer"}


class TestAnotherProvider(ChannelContract):
    """Its own names, numbers for ids, a word for a proof that isn't its API's key, and statuses of its own."""

    channel = HttpChannel
    signature = Signature.TOKEN
    inbound = (
        InboundCase(
            "a text",
            post_json({"data": {"msisdn": CONTACT, "me": OUR_NUMBER, "message": "Hi", "uid": 7}}),
            (Inbound(CONTACT, OUR_NUMBER, "Hi", provider_id="7"),),
        ),
        InboundCase(
            "gone",
            post_json({"mid": 8, "state": "EXPIRED", "ref": "msg_1-1"}, "status"),
            (Receipt(("8",), Status.UNDELIVERED, attempt="msg_1-1", code="EXPIRED"),),
        ),
    )
    outbound = (
        OutboundCase(
            "a text",
            outbound("Hello"),
            SendResult((PartResult(1, "17"),)),
            answers=(json_answer({"results": [{"id": 17}]}),),
            asked=(
                Asked(
                    headers={"X-Api-Key": "a-token-of-ours"},
                    json={"m": {"to": CONTACT, "from": OUR_NUMBER, "text": "Hello"}, "ref": outbound().attempt},
                ),
            ),
        ),
        OutboundCase("no", outbound(), Problem(SendErrorKind.REJECTED, "208"), answers=(json_answer({}, 208),)),
        OutboundCase(
            "later",
            outbound(),
            Problem(SendErrorKind.THROTTLED, "503", retry_after=9.0),
            answers=(json_answer({}, 503, {"Retry-After": "9"}),),
        ),
    )

    def settings(self, far: FakeProvider) -> Mapping[str, Any]:
        return {
            "send_url": f"{far.url}/messages",
            "send_template": {"m": {"to": "{{to}}", "from": "{{from}}", "text": "{{body}}"}, "ref": "{{attempt}}"},
            "headers": {"X-Api-Key": "{{secret}}"},
            "secret": "a-token-of-ours",
            "webhook_secret": "a-word-of-theirs",
            "signing": "word",
            "signature_header": "X-Hook-Word",
            "answer_id": "results[0].id",
            "refused": [208],
            "later": [503],
            "inbound_from": "data.msisdn",
            "inbound_to": "data.me",
            "inbound_body": "data.message",
            "inbound_id": "data.uid",
            "receipt_id": "mid",
            "receipt_attempt": "ref",
            "receipt_state": "state",
            "receipt_states": {"OK": "delivered", "EXPIRED": "undelivered"},
        }

    def far_side(self) -> FakeProvider:
        ids = count(1)
        return FakeProvider(lambda heard: json_answer({"results": [{"id": next(ids)}]}))

    def sign(self, request: WebhookRequest, settings: Any) -> WebhookRequest:
        return replace(request, headers={**request.headers, "x-hook-word": settings.webhook_secret})

    def written(self, body: str, sender: str, identity: str) -> WebhookRequest:
        return post_json({"data": {"msisdn": sender, "me": OUR_NUMBER, "message": body, "uid": identity}})

    def receipt(self, far: FakeProvider, message: Outbound) -> WebhookRequest:
        return post_json({"mid": json.loads(far.prepared[-1].body)["results"][0]["id"], "state": "OK"}, "status")
