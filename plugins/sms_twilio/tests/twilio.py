"""Twilio as far as a channel sees it: messages that are made, listed and fetched, callbacks that are signed, files.

What it says is checked against the official SDK (`test_sdk.py`), and what it is asked against Twilio's own
description of its API (`test_prism.py`).
"""

import json
import time
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from gateway.sdk import WebhookRequest
from gateway.testing import Answer, FakeProvider, Heard, json_answer

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "a-token-of-the-account"
NEXT_TOKEN = "the-token-that-comes-next"
DESK = "+14155550100"
MAYA = "+14155550148"

BASE = f"/2010-04-01/Accounts/{ACCOUNT}"
PAGE = 50
PICTURE = b"\x89PNG\r\n\x1a\nlamp"


class FakeTwilio(FakeProvider):
    """`refusals` maps a number to the status and error code of each send to it; `tokens` are those it takes."""

    def __init__(self, clock: Callable[[], int] | None = None) -> None:
        super().__init__()
        self.clock = clock or (lambda: time.time_ns() // 1_000_000)
        self.tokens = [TOKEN]
        self.messages: list[dict[str, Any]] = []
        self.files: dict[str, Sequence[str]] = {}
        self.callbacks: dict[str, str] = {}
        self.refusals: dict[str, tuple[int, int, str]] = {}
        self.standing = "active"
        self.balance: str | None = "-12.3"
        self._numbers = count(1)

    @staticmethod
    def answer(document: Any, status: int = 201) -> Answer:
        """Any answer of the API's making."""
        return json_answer(document, status)

    # --- what it is asked -------------------------------------------------------------------------------------------

    def accepted(self, heard: Heard) -> Answer:
        """Any request, when all is well."""
        if heard.path.startswith("/store/"):
            return Answer(200, PICTURE, "image/png")
        if not self._knows(heard):
            return error(401, 20003, "Authenticate")
        what = heard.path.removeprefix(BASE)
        if what == ".json":
            return json_answer({"sid": ACCOUNT, "status": self.standing, "friendly_name": "Harbour & Pine"})
        if what == "/Balance.json":
            return json_answer({"account_sid": ACCOUNT, "balance": self.balance, "currency": "USD"})
        if what == "/Messages.json":
            return self._make(heard) if heard.method == "POST" else self._list(heard)
        return self._one(what)

    def throttled(self, heard: Heard) -> Answer:
        """Too many requests."""
        return replace(error(429, 20429, "Too Many Requests"), headers={"Retry-After": "3"})

    def failed(self, heard: Heard) -> Answer:
        """Something broke there."""
        return error(500, 20500, "Internal Server Error")

    def _knows(self, heard: Heard) -> bool:
        scheme, _, proof = heard.headers.get("authorization", "").partition(" ")
        return scheme == "Basic" and b64decode(proof).decode() in {f"{ACCOUNT}:{token}" for token in self.tokens}

    def _make(self, heard: Heard) -> Answer:
        form = {name: list(values) for name, values in heard.form().items()}
        to = form.get("To", [""])[0]
        if to in self.refusals:
            return error(*self.refusals[to])
        if not form.get("Body") and not form.get("MediaUrl") and not form.get("ContentSid"):
            return error(400, 21619, "A text message body or media urls must be specified.")
        media = form.get("MediaUrl", [])
        made = self.add(
            "MM" if media or form.get("SendAsMms") else "SM",
            {
                "from": form.get("From", [None])[0],
                "to": to,
                "body": form.get("Body", [""])[0],
                "status": "accepted" if "MessagingServiceSid" in form else "queued",
                "direction": "outbound-api",
                "date_sent": None,
                "num_media": str(len(media)),
                "messaging_service_sid": form.get("MessagingServiceSid", [None])[0],
            },
        )
        if "StatusCallback" in form:
            self.callbacks[made["sid"]] = form["StatusCallback"][0]
        return json_answer(made, 201)

    def _list(self, heard: Heard) -> Answer:
        def asked(name: str) -> str | None:
            return heard.query[name][0] if name in heard.query else None

        found = [
            one
            for one in reversed(self.messages)
            if asked("To") in (None, one["to"])
            and asked("From") in (None, one["from"])
            and _sent_between(one, asked("DateSent>"), asked("DateSent<"))
        ]
        size, page = int(asked("PageSize") or PAGE), int(asked("Page") or 0)
        names = {name: values[0] for name, values in heard.query.items()}
        rest = f"{BASE}/Messages.json?{urlencode({**names, 'Page': page + 1})}"
        shown = found[page * size : (page + 1) * size]
        more = len(found) > (page + 1) * size
        return json_answer(
            {"messages": shown, "page": page, "page_size": size, "next_page_uri": rest if more else None}
        )

    def _one(self, what: str) -> Answer:
        match what.removeprefix("/Messages/").split("/"):
            case [name]:
                sid = name.removesuffix(".json")
                found = next((one for one in self.messages if one["sid"] == sid), None)
                return json_answer(found) if found else error(404, 20404, "The requested resource was not found")
            case [sid, "Media.json"]:
                files = [
                    {"sid": name, "content_type": "image/png", "uri": f"{BASE}/Messages/{sid}/Media/{name}.json"}
                    for name in self.files.get(sid, ())
                ]
                return json_answer({"media_list": files, "next_page_uri": None})
            case [sid, "Media", name] if name in self.files.get(sid, ()):
                return Answer(307, headers={"Location": f"{self.store}/store/{name}"})
            case _:
                return error(404, 20404, "The requested resource was not found")

    # --- what it has ------------------------------------------------------------------------------------------------

    @property
    def store(self) -> str:
        """Where files lie: another origin, as at Twilio."""
        return self.url.replace("127.0.0.1", "localhost")

    def new_sid(self, prefix: str) -> str:
        """An id nobody else got."""
        return f"{prefix}{next(self._numbers):032x}"

    def add(self, prefix: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        """A message in its list, made now."""
        now = format_datetime(datetime.fromtimestamp(self.clock() / 1000, UTC))
        sid = self.new_sid(prefix)
        made = {
            "sid": sid,
            "account_sid": ACCOUNT,
            "api_version": "2010-04-01",
            "date_created": now,
            "date_updated": now,
            "date_sent": now,
            "error_code": None,
            "error_message": None,
            "messaging_service_sid": None,
            "num_media": "0",
            "num_segments": "1",
            "price": None,
            "price_unit": None,
            "subresource_uris": {"media": f"{BASE}/Messages/{sid}/Media.json"},
            "uri": f"{BASE}/Messages/{sid}.json",
            **fields,
        }
        self.messages.append(made)
        return made

    def receive(self, body: str, *, sender: str = MAYA, to: str = DESK, files: int = 0) -> dict[str, str]:
        """A contact's message; the form of its webhook."""
        made = self.add(
            "MM" if files else "SM",
            {
                "from": sender,
                "to": to,
                "body": body,
                "status": "received",
                "direction": "inbound",
                "num_media": str(files),
            },
        )
        sid = made["sid"]
        names = self.files[sid] = [self.new_sid("ME") for _ in range(files)]
        media = {}
        for place, name in enumerate(names):
            media[f"MediaUrl{place}"] = f"{self.url}{BASE}/Messages/{sid}/Media/{name}"
            media[f"MediaContentType{place}"] = "image/png"
        return inbound_form(sid, body, sender, to, **{"NumMedia": str(files), **media})

    # --- what it tells ----------------------------------------------------------------------------------------------

    def callback(self, sid: str, status: str, **more: str) -> WebhookRequest:
        """A signed status callback, to the address that was given with the message."""
        message = next(one for one in self.messages if one["sid"] == sid)
        form = {
            "AccountSid": ACCOUNT,
            "ApiVersion": "2010-04-01",
            "From": message["from"],
            "To": message["to"],
            "MessageSid": sid,
            "MessageStatus": status,
            "SmsSid": sid,
            "SmsStatus": status,
            **more,
        }
        message["status"] = status
        return signed_form(self.callbacks[sid], form)

    async def tell(self, sid: str, *statuses: str, **more: str) -> list[int]:
        """Posts status callbacks in this order; the answers' statuses."""
        return await self.post(*(self.callback(sid, status, **more) for status in statuses))


def error(status: int, code: int, message: str) -> Answer:
    """How Twilio says no."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    return json_answer({"code": code, "message": message, "more_info": more, "status": status}, status)


def inbound_form(sid: str, body: str, sender: str = MAYA, to: str = DESK, **more: str) -> dict[str, str]:
    """The fields of a message's webhook, blanks included."""
    return {
        "ToCountry": "US",
        "ToState": "CA",
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "ToCity": "",
        "FromZip": "",
        "SmsSid": sid,
        "FromState": "CA",
        "SmsStatus": "received",
        "FromCity": "SAN FRANCISCO",
        "Body": body,
        "FromCountry": "US",
        "To": to,
        "MessageSid": sid,
        "NumSegments": "1",
        "AccountSid": ACCOUNT,
        "From": sender,
        "ApiVersion": "2010-04-01",
        **more,
    }


def signed_form(url: str, form: Mapping[str, str], token: str = TOKEN) -> WebhookRequest:
    """A form as Twilio posts it to a public address."""
    signature = RequestValidator(token).compute_signature(url, form)
    kind = "application/x-www-form-urlencoded; charset=UTF-8"
    return request_to(url, urlencode(form).encode(), {"content-type": kind, "x-twilio-signature": signature})


def sign(request: WebhookRequest, token: str = TOKEN) -> WebhookRequest:
    """The same request with Twilio's signature."""
    kind = request.headers.get("content-type", "")
    form = {} if "json" in kind or request.method == "GET" else _form(request.body)
    signature = RequestValidator(token).compute_signature(request.url, form)
    return replace(request, headers={**request.headers, "x-twilio-signature": signature})


def request_to(url: str, body: bytes, headers: Mapping[str, str], method: str = "POST") -> WebhookRequest:
    """A request as the host hands it to a channel."""
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return WebhookRequest(method, url, parts.path.rpartition("/")[2], query, headers, body)


def read(answer: Answer) -> Any:
    """The JSON of an answer."""
    return json.loads(answer.body)


def _form(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _sent_between(message: Mapping[str, Any], since: str | None, until: str | None) -> bool:
    if since is None and until is None:
        return True
    if message["date_sent"] is None:
        return False
    at = parsedate_to_datetime(message["date_sent"])
    return (since is None or at >= datetime.fromisoformat(since)) and (
        until is None or at <= datetime.fromisoformat(until)
    )
