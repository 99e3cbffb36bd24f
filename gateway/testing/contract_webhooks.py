"""What a provider says, and what others say in its name."""

from dataclasses import replace

from gateway.host.incoming import provider_key
from gateway.sdk import Channel, Inbound, Receipt, WebhookError, WebhookRequest
from gateway.testing.cases import InboundCase, without_raw
from gateway.testing.contract import ContractBase, needs
from gateway.testing.stage import Stage
from gateway.testing.tampering import added, broken, changes, forgeries, proofs
from gateway.testing.values import post_json
from gateway.testing.watched import WatchedText


class WebhookChecks(ContractBase):
    """Proof first, then parsing; the same said twice is the same; what can't be read is said to be so."""

    @needs("inbound cases")
    async def test_inbound(self, stage: Stage[Channel], inbound_case: InboundCase) -> None:
        response = await stage.receive(self.signed(stage, inbound_case.request))
        assert response.status == inbound_case.status
        assert inbound_case.answer in (None, response.body)
        for got, wanted in zip(without_raw(stage.received.items), without_raw(inbound_case.expected), strict=True):
            assert got == wanted

    @needs("inbound cases")
    async def test_what_was_said_is_kept_raw(self, stage: Stage[Channel], inbound_case: InboundCase) -> None:
        await stage.receive(self.signed(stage, inbound_case.request))
        assert all(item.raw for item in stage.received), "give each item its `raw`: it is replayed after a fix"

    @needs("inbound cases")
    async def test_the_same_webhook_again_is_the_same(self, stage: Stage[Channel], inbound_case: InboundCase) -> None:
        request = self.signed(stage, inbound_case.request)
        first = list(stage.channel.parse(request))
        stage.clock.advance(3 * 86_400)
        again = list(stage.channel.parse(request))
        assert again == first
        account = stage.channel.account()
        for item in first:
            assert isinstance(item, Inbound | Receipt)
            if isinstance(item, Inbound):
                assert item.provider_id, "a provider's id is what makes a second delivery harmless a month later"
                assert provider_key(account, item, 0) == provider_key(account, item, 10**12)

    @needs("inbound cases")
    async def test_fields_nobody_knows_change_nothing(self, stage: Stage[Channel], inbound_case: InboundCase) -> None:
        request = self.signed(stage, added(inbound_case.request))
        assert stage.channel.verify(request)
        assert without_raw(list(stage.channel.parse(request))) == without_raw(inbound_case.expected)

    @needs("inbound cases")
    async def test_a_broken_payload_is_no_fault(self, stage: Stage[Channel], inbound_case: InboundCase) -> None:
        for label, request in broken(inbound_case.request):
            try:
                items = stage.channel.parse(self.signed(stage, request))
            except WebhookError:
                continue
            except Exception as error:
                raise AssertionError(f"{label}: raise WebhookError, not {error!r}") from error
            assert all(isinstance(item, Inbound | Receipt) for item in items), label

    @needs("proof")
    async def test_a_forged_webhook_is_refused_before_it_is_parsed(self, stage: Stage[Channel]) -> None:
        unsigned = self._any_webhook()
        signed = self.signed(stage, unsigned)
        assert proofs(signed, unsigned), "`sign` adds the proof as headers"
        assert stage.channel.verify(signed) is True
        for label, request in forgeries(signed, unsigned):
            await self._refused(stage, request, label)

    @needs("signed body")
    async def test_a_changed_webhook_is_refused_before_it_is_parsed(self, stage: Stage[Channel]) -> None:
        for label, request in changes(self.signed(stage, self._any_webhook())):
            await self._refused(stage, request, label)

    @needs("proof")
    async def test_a_proof_is_compared_in_constant_time(self, stage: Stage[Channel]) -> None:
        unsigned = self._any_webhook()
        signed = self.signed(stage, unsigned)
        watched = {name: WatchedText(signed.headers[name]) for name in proofs(signed, unsigned)}
        assert stage.channel.verify(replace(signed, headers={**signed.headers, **watched})) is True

    @needs("no webhooks")
    async def test_a_channel_without_webhooks_takes_none(self, stage: Stage[Channel]) -> None:
        await self._refused(stage, post_json({"from": "+14155550148", "body": "Hello"}), "a webhook")

    async def _refused(self, stage: Stage[Channel], request: WebhookRequest, label: str) -> None:
        parsed: list[WebhookRequest] = []
        channel = stage.channel
        parse, channel.parse = channel.parse, lambda request: parsed.append(request) or ()  # type: ignore[method-assign,func-returns-value]
        try:
            response = await stage.receive(request)
        finally:
            channel.parse = parse  # type: ignore[method-assign]
        assert (response.status, response.body) == (403, b""), label
        assert not parsed, f"{label}: parsed before it was verified"
        assert not len(stage.received), label

    def _any_webhook(self) -> WebhookRequest:
        return self.inbound[0].request if self.inbound else post_json({"from": "+14155550148", "body": "Hello"})
