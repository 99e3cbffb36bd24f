"""The contract, kept."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gateway.sdk import Inbound, Outbound, PartResult, Receipt, SendErrorKind, SendResult, WebhookRequest
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
    json_answer,
    outbound,
    post_json,
)
from tests.testing.sample import SampleChannel, sign


class TestSampleKeepsTheContract(ChannelContract):
    channel = SampleChannel
    inbound = (
        InboundCase(
            "a text",
            post_json({"id": "in-1", "from": CONTACT, "to": OUR_NUMBER, "text": "Hi 👋"}),
            (Inbound(CONTACT, OUR_NUMBER, "Hi 👋", provider_id="in-1"),),
        ),
        InboundCase("a receipt", post_json({"id": "out-1", "state": "ok"}), (Receipt(("out-1",), Status.DELIVERED),)),
        InboundCase("an unknown state", post_json({"id": "out-1", "state": "?"}), (Receipt(("out-1",), None),)),
    )
    outbound = (
        OutboundCase(
            "a text",
            outbound("Hello"),
            SendResult((PartResult(1, "out-7"),)),
            answers=(json_answer({"id": "out-7"}, 201),),
            asked=(
                Asked(
                    path="/messages",
                    headers={"Authorization": "Bearer a-key-nobody-knows"},
                    json={"to": CONTACT, "from": OUR_NUMBER, "text": "Hello", "ref": outbound().attempt},
                ),
            ),
        ),
        OutboundCase("a refusal", outbound(), Problem(SendErrorKind.REJECTED, "400"), answers=(json_answer({}, 400),)),
    )

    def settings(self, far: FakeProvider) -> Mapping[str, Any]:
        return {"url": far.url, "key": "a-key-nobody-knows"}

    def sign(self, request: WebhookRequest, settings: Any) -> WebhookRequest:
        return replace(request, headers={**request.headers, "x-signature": sign(request.body, settings.key)})

    def written(self, body: str, sender: str, identity: str) -> WebhookRequest:
        return post_json({"id": identity, "from": sender, "to": OUR_NUMBER, "text": body})

    def receipt(self, far: FakeProvider, message: Outbound) -> WebhookRequest:
        import json

        return post_json({"id": json.loads(far.prepared[-1].body)["id"], "state": "ok"})
