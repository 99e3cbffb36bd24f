"""The contract, with each way of proving who speaks."""

import json
from collections.abc import Mapping
from dataclasses import replace
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
from gateway_http.proof import prove

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
            (Receipt(("out-1",), Status.DELIVERED, text="DELIVERED"),),
        ),
        InboundCase(
            "failed",
            post_json({"id": "out-1", "status": "failed", "code": 17}, "status"),
            (Receipt(("out-1",), Status.FAILED, code="17", text="failed"),),
        ),
        InboundCase(
            "a word nobody knows",
            post_json({"id": "out-1", "status": "queued"}, "status"),
            (Receipt(("out-1",), None, text="queued"),),
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
        proof = prove(settings, "webhook-1", self.now, request.body)
        return replace(request, headers={**request.headers, **{name.lower(): value for name, value in proof.items()}})

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
