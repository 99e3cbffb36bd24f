"""Files of inbound messages: fetched from where the webhook says, with credentials for Twilio's own host alone."""

from urllib.parse import urlsplit

from gateway.sdk import MediaReference
from gateway.sdk.answers import file_of
from gateway.sdk.context import HttpClient
from gateway_sms_twilio.api import TwilioApi
from gateway_sms_twilio.settings import API_BASE, Settings

REDIRECTS = 3


class MediaDownload:
    """Twilio redirects to a store elsewhere; the credentials stay behind."""

    def __init__(self, http: HttpClient, api: TwilioApi, settings: Settings) -> None:
        self._http = http
        self._api = api
        # A region's accounts are told of media there or at the default address; no other host is trusted by its name.
        regional = (urlsplit(settings.origin).hostname or "").endswith(".twilio.com")
        self._own = {_origin(settings.origin), *((_origin(API_BASE),) if regional else ())}

    async def fetch(self, reference: MediaReference) -> MediaReference:
        """The reference with its content. Raises SendError when it can't be had, or not yet."""
        url = reference.url or ""
        own = _origin(url) in self._own
        answer = await (self._api.download(url) if own else self._http.request("GET", url, redirects=REDIRECTS))
        return file_of(reference, answer)


def _origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port, which must all be the same. ValueErrors become a URL of nobody's."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return ("", "", None)
    return parts.scheme, (parts.hostname or "").lower(), port
