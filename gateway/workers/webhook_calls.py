"""One try of one delivery: the request, and what its answer means."""

from gateway.domain.record import record
from gateway.host.http import GatewayHttp
from gateway.host.pace import Pace
from gateway.sdk.errors import SendError

ANSWER_BYTES = 1_024
"""So much of an answer is read and shown in the log; it is for people who look for a mistake."""

LONGEST_RETRY_AFTER_S = 3_600.0
_GONE = 410


@record
class Answer:
    """How a try went. `error` is None when it was taken; `retry_after` is what the endpoint asked for, in seconds."""

    at: int
    duration_ms: int
    status: int | None = None
    error: str | None = None
    text: str | None = None
    retry_after: float | None = None

    @property
    def gone(self) -> bool:
        """The endpoint wants nothing any more."""
        return self.status == _GONE

    @property
    def outcome(self) -> str:
        """For the metric."""
        if self.error is None:
            return "delivered"
        return "unreachable" if self.status is None else "gone" if self.gone else "refused"


class Calls:
    """`http` is guarded, follows no redirect, and waits 20 s at most."""

    def __init__(self, http: GatewayHttp, pace: Pace) -> None:
        self._http = http
        self._pace = pace

    async def post(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
        """Posts. 2xx is taken; whatever else comes, or nothing, is not."""
        at, started = self._pace.clock(), self._pace.monotonic()

        def took() -> int:
            return round((self._pace.monotonic() - started) * 1000)

        sent = {"Content-Type": "application/json", **headers}
        try:
            answer = await self._http.request("POST", url, headers=sent, body=body, limit=ANSWER_BYTES, cut=True)
        except SendError as error:
            return Answer(at, took(), error=error.sentence)
        text = answer.body.decode("utf-8", "replace").replace("\x00", "\ufffd") or None
        after = _seconds(answer.headers.get("retry-after")) if answer.status in (429, 503) else None
        return Answer(at, took(), answer.status, _error(answer.status), text, after)


def _error(status: int) -> str | None:
    if 200 <= status < 300:
        return None
    if status == _GONE:
        return "The endpoint answers 410: it wants nothing any more."
    if 300 <= status < 400:
        return f"The endpoint answers with status {status}. Redirects are not followed: enter the address they lead to."
    return f"The endpoint answers with status {status}."


def _seconds(text: str | None) -> float | None:
    return min(float(text), LONGEST_RETRY_AFTER_S) if text and text.isascii() and text.isdigit() else None
