"""Twilio's Messages API over the shared HTTP client: credentials, their rotation, pages of lists."""

from collections.abc import AsyncIterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from gateway.sdk import Balance, SendError, SendErrorKind
from gateway.sdk.context import HttpClient, HttpResponse
from gateway_sms_twilio.answers import document_of
from gateway_sms_twilio.resource import Resource, resource_of
from gateway_sms_twilio.settings import Settings

VERSION = "/2010-04-01"
PAGE = 1000  # Twilio's largest
_PAGE_BYTES = 8 * 1024 * 1024

Form = Sequence[tuple[str, str]]


class TwilioApi:
    """One account's part of the API. Everything raises SendError."""

    def __init__(self, http: HttpClient, settings: Settings) -> None:
        self._http = http
        self._origin = settings.origin
        self._sid = settings.account_sid
        self._tokens = list(settings.tokens)

    @property
    def account(self) -> str:
        """The path of the account."""
        return f"{VERSION}/Accounts/{self._sid}"

    async def create(self, form: Form) -> Resource:
        """Sends a message. It is never asked twice, since Twilio would send twice."""
        document = document_of(await self._ask("POST", f"{self.account}/Messages.json", form))
        made = resource_of(document)
        if made is None:
            raise SendError(SendErrorKind.UNCERTAIN, "Twilio answered without a message id.")
        return made

    async def fetch(self, sid: str) -> Resource | None:
        """One message; None if there is none of that id."""
        try:
            return resource_of(document_of(await self._ask("GET", f"{self.account}/Messages/{sid}.json")))
        except SendError as error:
            if error.provider_code == "20404":
                return None
            raise

    async def messages(self, query: Mapping[str, str], page: int = PAGE) -> AsyncIterator[Resource]:
        """A list of messages, newest first, page after page as far as they are wanted."""
        async for document in self._pages(f"{self.account}/Messages.json", {**query, "PageSize": str(page)}):
            for one in document.get("messages") or ():
                resource = resource_of(one)
                if resource is not None:
                    yield resource

    async def media(self, sid: str) -> list[tuple[str, str]]:
        """URL and type of each file of a message."""
        found: list[tuple[str, str]] = []
        async for document in self._pages(f"{self.account}/Messages/{sid}/Media.json", {}):
            for one in document.get("media_list") or ():
                if isinstance(one, dict) and isinstance(one.get("uri"), str):
                    url = f"{self._origin}{one['uri'].removesuffix('.json')}"
                    found.append((url, str(one.get("content_type") or "application/octet-stream")))
        return found

    async def standing(self) -> str:
        """The account's status: `active`, `suspended` or `closed`."""
        return str(document_of(await self._ask("GET", f"{self.account}.json")).get("status", ""))

    async def balance(self) -> Balance | None:
        """What is left; None where Twilio tells none (an account that another one pays for)."""
        document = document_of(await self._ask("GET", f"{self.account}/Balance.json"))
        try:
            amount = Decimal(str(document.get("balance")))
        except InvalidOperation:
            return None
        return Balance(amount, str(document.get("currency") or "USD").upper()) if amount.is_finite() else None

    async def download(self, url: str) -> HttpResponse:
        """A file of this account, with its credentials; another host that it leads to never sees them."""
        return await self._with_tokens(url)

    async def _pages(self, path: str, query: Mapping[str, str]) -> AsyncIterator[dict[str, Any]]:
        asked = f"{path}?{urlencode(query)}" if query else path
        while True:
            document = document_of(await self._ask("GET", asked))
            yield document
            following = document.get("next_page_uri")
            if not isinstance(following, str) or not following.startswith(f"{VERSION}/") or following == asked:
                return
            asked = following

    async def _ask(self, method: str, path: str, form: Form | None = None) -> HttpResponse:
        body = None if form is None else urlencode(form).encode()
        kind = {} if body is None else {"Content-Type": "application/x-www-form-urlencoded"}
        headers = {"Accept": "application/json", **kind}
        response = await self._once(method, self._origin + path, headers, body)
        if response.status == 401 and len(self._tokens) > 1:
            # Nothing was taken: asking once more, with the token that replaces this one, can double nothing.
            self._tokens.reverse()
            response = await self._once(method, self._origin + path, headers, body)
        return response

    async def _with_tokens(self, url: str) -> HttpResponse:
        response = await self._http.request("GET", url, auth=(self._sid, self._tokens[0]), redirects=3)
        if response.status == 401 and len(self._tokens) > 1:
            self._tokens.reverse()
            response = await self._http.request("GET", url, auth=(self._sid, self._tokens[0]), redirects=3)
        return response

    async def _once(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> HttpResponse:
        auth = (self._sid, self._tokens[0])
        return await self._http.request(method, url, headers=headers, body=body, auth=auth, limit=_PAGE_BYTES)
