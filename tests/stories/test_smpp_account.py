"""One SMPP account over several gateways and several lives of the product: every receipt finds its message."""

from typing import Any

from plugins.sms_smpp.tests.centre import NODE, Centre
from tests.conftest import Serve
from tests.stories.outside import Join
from tests.support.gateway import RunningGateway

DESK = "+14155550132"
MAYA = "14155550148"
ALLOWED = {"ONETHREAD_ALLOW_HOSTS": "127.0.0.1"}


def receipt(centre: Centre, message_id: str, source: str, **more: Any) -> None:
    said = f"id:{message_id} sub:001 dlvrd:001 submit date:2611211030 done date:2611211031 stat:DELIVRD err:000 text:"
    centre.tell(
        "deliver",
        esm_class=4,
        source_addr=source,
        source_addr_ton=1,
        destination_addr=DESK.lstrip("+"),
        short_message=said,
        **more,
    )


async def test_receipts_come_over_a_sibling_gateway(product: RunningGateway, join: Join, centre: Centre) -> None:
    """The first host answers with hexadecimal ids, the second tells of them in decimal, without the zeros."""
    first = await Centre.start(NODE, {"PASSWORD": "secret", "IDS": "hex", "RECEIPT": "none"})
    try:
        outside = join(product)
        gateway = await outside.add_smpp(first, "First host", account="Carrier")
        await outside.add_smpp(centre, "Second host", account="Carrier")
        await outside.add_sender(DESK, gateway)
        sent = await outside.post("/messages", {"to": f"+{MAYA}", "body": "Your lamp is here."})
        message = await outside.until(f"/messages/{sent['id']}", lambda one: one["status"] == "sent")
        assert [part["provider_id"] for part in message["parts"]] == ["0000007B"]

        receipt(centre, "123", MAYA)
        await outside.until(f"/messages/{sent['id']}", lambda one: one["status"] == "delivered")
    finally:
        await first.stop()


async def test_the_same_words_over_two_gateways_of_an_account_are_two_messages(
    product: RunningGateway, join: Join, centre: Centre
) -> None:
    second = await Centre.start(NODE, {"PASSWORD": "secret"})
    try:
        outside = join(product)
        gateway = await outside.add_smpp(centre, "First host", account="Carrier")
        sibling = await outside.add_smpp(second, "Second host", account="Carrier")
        await outside.add_sender(DESK, gateway, sibling)
        for one in (centre, second):
            one.tell("deliver", source_addr=MAYA, destination_addr=DESK.lstrip("+"), short_message="ok")
            assert [answer["status"] for answer in await one.said("deliver_sm_resp")] == [0]
        await outside.until(
            "/conversations?view=all", lambda page: len(page["items"]) == 1 and page["items"][0]["unread"] == 2
        )
    finally:
        await second.stop()


async def test_a_receipt_settles_after_a_crash_what_was_never_answered(serve: Serve, join: Join) -> None:
    centre = await Centre.start(NODE, {"PASSWORD": "secret", "RECEIPT": "none"})
    try:
        running = serve(env=ALLOWED)
        outside = join(running)
        await outside.add_sender(DESK, await outside.add_smpp(centre, response_timeout=1))
        silent = f"{MAYA[:-2]}86"
        sent = await outside.post("/messages", {"to": f"+{silent}", "body": "Are you there?"})
        [submitted] = await centre.said("submit_sm")
        await outside.until(f"/messages/{sent['id']}", lambda one: one["status"] == "uncertain")
        running.process.kill()

        outside = join(serve(data=running.data, env=ALLOWED))
        await outside.until("/gateways", lambda page: any(one["health"]["state"] == "ok" for one in smpp(page)))
        receipt(centre, "never-heard-of", silent, user_message_reference=submitted["reference"])
        message = await outside.until(f"/messages/{sent['id']}", lambda one: one["status"] == "delivered")
        assert [part["provider_id"] for part in message["parts"]] == ["never-heard-of"]
    finally:
        await centre.stop()


def smpp(page: Any) -> list[Any]:
    return [one for one in page["items"] if one["plugin"] == "sms_smpp"]
