"""What every channel keeps, and the tables of what goes over this one's wire."""

from collections.abc import Mapping
from typing import Any

from gateway.sdk import (
    Inbound,
    MediaReference,
    Outbound,
    PartResult,
    Receipt,
    SendErrorKind,
    SenderView,
    SendResult,
    WebhookRequest,
)
from gateway.sdk.ids import format_message_id
from gateway.sdk.text import ConsentWord, SenderKind, Status
from gateway.testing import Asked, ChannelContract, InboundCase, OutboundCase, Problem, outbound, post_form
from gateway_sms_twilio.channel import TwilioChannel

from .twilio import ACCOUNT, BASE, DESK, MAYA, NEXT_TOKEN, TOKEN, FakeTwilio, error, inbound_form, sign

SID = "SM" + "a" * 32
PLACES = {"from_city": "SAN FRANCISCO", "from_state": "CA", "from_country": "US"}
CALLBACK = f"https://desk.example/c/gateway-token/status?attempt={format_message_id(1)}-1"
EMPTY = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'


def said(body: str, *, sender: str = MAYA, channel: str = "sms", **more: Any) -> Inbound:
    return Inbound(sender, more.pop("to", DESK), body, SID, channel, **{"metadata": PLACES, **more})


def text(body: str, action: str = "inbound", **more: str) -> WebhookRequest:
    return post_form(inbound_form(SID, body, **more), action)


def status(word: str, **more: str) -> WebhookRequest:
    attempt = f"https://desk.example/c/gateway-token/status?attempt={format_message_id(1)}-1"
    form = {"MessageSid": SID, "MessageStatus": word, "To": MAYA, "From": DESK, "AccountSid": ACCOUNT, **more}
    request = post_form(form, url="https://desk.example/c/gateway-token")
    return WebhookRequest(
        request.method, attempt, "status", {"attempt": f"{format_message_id(1)}-1"}, request.headers, request.body
    )


def report(state: Status | None, code: str | None = None, sentence: str | None = None, **more: Any) -> Receipt:
    return Receipt((SID,), state, f"{format_message_id(1)}-1", code, sentence, **more)


def asked(**form: Any) -> tuple[Asked, ...]:
    return (Asked(path=f"{BASE}/Messages.json", form={"To": MAYA, "From": DESK, "StatusCallback": CALLBACK, **form}),)


def sent(prefix: str = "SM", number: int = 1, parts: int = 1) -> SendResult:
    return SendResult(tuple(PartResult(index, f"{prefix}{number:032x}") for index in range(1, parts + 1)))


def view(kind: SenderKind, value: str = DESK) -> SenderView:
    return SenderView(1, kind, value)


LAMP = MediaReference("image/png", "https://desk.example/media/lamp.png")
REFUSED = outbound("Hello", MAYA)


def refused(label: str, status: int, code: int, kind: SendErrorKind, says: str) -> OutboundCase:
    return OutboundCase(label, REFUSED, Problem(kind, str(code), says=says), (error(status, code, "Their words"),))


class TestTwilio(ChannelContract):
    channel = TwilioChannel
    inbound = (
        InboundCase("a text", text("Is the lamp back?"), (said("Is the lamp back?"),), answer=EMPTY),
        InboundCase("an emoji and an ampersand", text("Tea & 🫖 + 100%"), (said("Tea & 🫖 + 100%"),)),
        InboundCase("blanks are kept", text("  two  "), (said("  two  "),)),
        InboundCase(
            "the fallback tells the same",
            text("Is the lamp back?", "fallback", ErrorCode="11200", ErrorUrl="https://desk.example/"),
            (said("Is the lamp back?"),),
        ),
        InboundCase(
            "two pictures",
            text(
                "",
                NumMedia="2",
                MediaUrl0="https://api.twilio.com/a",
                MediaContentType0="image/jpeg",
                MediaUrl1="https://api.twilio.com/b",
                MediaContentType1="video/3gpp",
            ),
            (
                said(
                    "",
                    channel="mms",
                    media=(
                        MediaReference("image/jpeg", "https://api.twilio.com/a"),
                        MediaReference("video/3gpp", "https://api.twilio.com/b"),
                    ),
                ),
            ),
        ),
        InboundCase(
            "WhatsApp",
            text("Hi", sender=f"whatsapp:{MAYA}", to=f"whatsapp:{DESK}", ProfileName="M. Okafor"),
            (
                said(
                    "Hi",
                    sender=f"whatsapp:{MAYA}",
                    to=f"whatsapp:{DESK}",
                    channel="whatsapp",
                    metadata={"profile_name": "M. Okafor", **PLACES},
                ),
            ),
        ),
        InboundCase(
            "a place on WhatsApp",
            text("", sender=f"whatsapp:{MAYA}", Latitude="37.77", Longitude="-122.41", Label="The pier"),
            (
                said(
                    "The pier (37.77, -122.41)",
                    sender=f"whatsapp:{MAYA}",
                    channel="whatsapp",
                    metadata={"latitude": "37.77", "longitude": "-122.41", "label": "The pier", **PLACES},
                ),
            ),
        ),
        InboundCase("a stop", text("Basta", OptOutType="STOP"), (said("Basta", consent=ConsentWord.STOP),)),
        InboundCase("a start", text("Otra", OptOutType="START"), (said("Otra", consent=ConsentWord.START),)),
        InboundCase("a call for help", text("Help", OptOutType="HELP"), (said("Help"),)),
        InboundCase(
            "a text that looks like a receipt",
            text("id:1 sub:001 dlvrd:001 stat:DELIVRD err:000"),
            (said("id:1 sub:001 dlvrd:001 stat:DELIVRD err:000"),),
        ),
        InboundCase("delivered", status("delivered"), (report(Status.DELIVERED),), answer=EMPTY),
        InboundCase("in Twilio's queue", status("queued"), (report(Status.SENT),)),
        InboundCase("read", status("read", EventType="READ"), (report(Status.READ),)),
        InboundCase("a word nobody knows", status("teleported"), (report(None),)),
        InboundCase(
            "filtered",
            status("undelivered", ErrorCode="30007"),
            (
                report(
                    Status.UNDELIVERED,
                    "30007",
                    "The phone network filtered the message, as it does with what looks like spam.",
                ),
            ),
        ),
        InboundCase(
            "too late",
            status("undelivered", ErrorCode="30036"),
            (report(Status.EXPIRED, "30036", "It could not be delivered in time."),),
        ),
        InboundCase(
            "opted out, said later",
            status("failed", ErrorCode="21610"),
            (report(Status.FAILED, "21610", "This contact opted out of messages from this sender.", opted_out=True),),
        ),
        InboundCase(
            "cancelled there",
            status("canceled"),
            (report(Status.FAILED, "canceled", "It was cancelled at Twilio before it went out."),),
        ),
        InboundCase(
            "with its price",
            status("delivered", Price="-0.00790", PriceUnit="USD"),
            (report(Status.DELIVERED, cost_micros=7_900, currency="USD"),),
        ),
    )
    outbound = (
        OutboundCase("a text", outbound("Hello", MAYA), sent(), asked=asked(Body="Hello")),
        OutboundCase("three parts have one id", outbound("x" * 400, MAYA), sent(parts=3)),
        OutboundCase(
            "two pictures",
            outbound("Look", MAYA, channel="mms", media=(LAMP, LAMP)),
            sent("MM"),
            asked=asked(Body="Look", MediaUrl=[LAMP.url, LAMP.url]),
        ),
        OutboundCase(
            "a picture without words",
            outbound("", MAYA, channel="mms", media=(LAMP,)),
            sent("MM"),
            asked=asked(MediaUrl=LAMP.url),
        ),
        OutboundCase(
            "a long text as MMS",
            outbound("Once upon a time", MAYA, channel="mms"),
            sent("MM"),
            asked=asked(Body="Once upon a time", SendAsMms="true"),
        ),
        OutboundCase(
            "from a short code",
            outbound("Hello", MAYA, from_=view(SenderKind.SHORT_CODE, "72345")),
            sent(),
            asked=asked(Body="Hello", From="72345"),
        ),
        OutboundCase(
            "from a name",
            outbound("Hello", MAYA, from_=view(SenderKind.ALPHANUMERIC, "HARBOUR")),
            sent(),
            asked=asked(Body="Hello", From="HARBOUR"),
        ),
        OutboundCase(
            "on WhatsApp",
            outbound("Hello", MAYA, channel="whatsapp", from_=view(SenderKind.WHATSAPP)),
            sent(),
            asked=asked(Body="Hello", From=f"whatsapp:{DESK}", To=f"whatsapp:{MAYA}"),
        ),
        OutboundCase(
            "a WhatsApp template",
            outbound(
                "Your table is ready.",
                MAYA,
                channel="whatsapp",
                from_=view(SenderKind.WHATSAPP),
                metadata={"content_sid": "HX" + "b" * 32, "content_variables": '{"1":"table"}'},
            ),
            sent(),
            asked=asked(
                From=f"whatsapp:{DESK}",
                To=f"whatsapp:{MAYA}",
                ContentSid="HX" + "b" * 32,
                ContentVariables='{"1":"table"}',
            ),
        ),
        refused("opted out", 400, 21610, SendErrorKind.OPTED_OUT, "opted out"),
        refused("no number", 400, 21211, SendErrorKind.REJECTED, "not a number"),
        refused("no such country", 400, 21408, SendErrorKind.REJECTED, "Geo permissions"),
        refused("too long", 400, 21617, SendErrorKind.REJECTED, "1,600 characters"),
        refused("not our number", 400, 21606, SendErrorKind.REJECTED, "not one of the Twilio account's"),
        refused("WhatsApp's window", 400, 63016, SendErrorKind.REJECTED, "24 hours"),
        refused("a code nobody knows", 400, 29999, SendErrorKind.REJECTED, "Their words."),
        refused("the queue of the number", 400, 21611, SendErrorKind.THROTTLED, "queue"),
        refused("too fast", 429, 14107, SendErrorKind.THROTTLED, "at the moment"),
        refused("the token", 401, 20003, SendErrorKind.MISCONFIGURED, "auth token"),
        refused("the account", 404, 20404, SendErrorKind.MISCONFIGURED, "no such account"),
        refused("suspended", 403, 20005, SendErrorKind.MISCONFIGURED, "suspended"),
        refused("no way back to us", 400, 21609, SendErrorKind.MISCONFIGURED, "ONETHREAD_PUBLIC_URL"),
        refused("their fault", 503, 20503, SendErrorKind.UNCERTAIN, "failed with status 503"),
        OutboundCase(
            "refused with a 201",
            REFUSED,
            SendResult(
                (
                    PartResult(
                        1,
                        SID,
                        Status.FAILED,
                        "30034",
                        "This number is not registered for business messages (A2P 10DLC).",
                    ),
                )
            ),
            (FakeTwilio.answer({"sid": SID, "status": "failed", "error_code": 30034}),),
        ),
        OutboundCase(
            "its price is known",
            REFUSED,
            SendResult((PartResult(1, SID),), 7_500, "USD"),
            (FakeTwilio.answer({"sid": SID, "status": "sent", "price": "-0.0075", "price_unit": "USD"}),),
        ),
        OutboundCase(
            "a 201 without an id",
            REFUSED,
            Problem(SendErrorKind.UNCERTAIN, says="without a message id"),
            (FakeTwilio.answer({"status": "queued"}),),
        ),
        OutboundCase(
            "something else answers",
            REFUSED,
            Problem(SendErrorKind.MISCONFIGURED, "404", says="not Twilio"),
            (FakeTwilio.answer("Not Found", 404),),
        ),
        OutboundCase(
            "a redirect takes nothing",
            REFUSED,
            Problem(SendErrorKind.MISCONFIGURED, "301", says="not Twilio"),
            (FakeTwilio.answer({}, 301),),
        ),
    )

    def far_side(self) -> FakeTwilio:
        return FakeTwilio()

    def settings(self, far: Any) -> Mapping[str, Any]:
        tokens = {"auth_token": TOKEN, "next_auth_token": NEXT_TOKEN}
        return {"account_sid": ACCOUNT, **tokens, "api_base": far.url, "backfill_minutes": 0}

    def sign(self, request: WebhookRequest, settings: Any) -> WebhookRequest:
        return sign(request, settings.auth_token)

    def written(self, body: str, sender: str, identity: str) -> WebhookRequest:
        return post_form(inbound_form(f"SM{identity}", body, sender))

    def receipt(self, far: Any, message: Outbound) -> WebhookRequest:
        sid = far.messages[-1]["sid"]
        url = far.callbacks[sid]
        form = post_form({"MessageSid": sid, "MessageStatus": "delivered"})
        query = {"attempt": url.partition("attempt=")[2]}
        return WebhookRequest("POST", url, "status", query, form.headers, form.body)
