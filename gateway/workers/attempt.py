"""One call of a provider, and what it means: every way it can end becomes data."""

from math import isfinite

import structlog

from gateway.domain.record import record, replace
from gateway.host.deadline import Abandoned, Overdue, Raised, run_guarded
from gateway.host.incoming import clean
from gateway.sdk.channel import Channel
from gateway.sdk.errors import SendError, SendErrorKind
from gateway.sdk.values import Outbound, SendResult

LONGEST_WISH_S = 86_400.0
"""How long a provider may ask us to wait: a day, whatever rubbish it says."""

_log = structlog.get_logger(__name__)


@record
class Failure:
    """A send that was not accepted, or whose outcome is unknown. `retry_after` is the provider's wish, in seconds.

    `unknown` marks an outcome that nobody knows and that may be found out by trying again.
    """

    kind: SendErrorKind
    sentence: str
    provider_code: str | None = None
    retry_after: float | None = None
    unknown: bool = False


async def call(channel: Channel, outbound: Outbound, abandoned: Abandoned, deadline_s: float) -> SendResult | Failure:
    """Hands a message to the channel. Whatever is not a clear answer is uncertain: bytes may have left."""
    try:
        result = await run_guarded(channel.type, lambda: channel.send(outbound), deadline_s, abandoned)
    except Overdue:
        return _uncertain(channel, f"The provider did not answer within {deadline_s:g} seconds.")
    except Raised as error:
        cause = error.__cause__
        if isinstance(cause, SendError):
            return _failure(channel, cause)
        _log.error("send failed unexpectedly", plugin=channel.type, gateway=channel.context.gateway_id, exc_info=cause)
        return _uncertain(channel, f"The plugin {channel.type} failed: {type(cause or error).__name__}.")
    if not isinstance(result, SendResult) or not result.parts:
        _log.error("send returned no result", plugin=channel.type, gateway=channel.context.gateway_id)
        return _uncertain(channel, f"The plugin {channel.type} did not say what became of it.")
    return _storable(result)


def _failure(channel: Channel, error: SendError) -> Failure:
    sentence, code = clean(error.sentence), _cleaned(error.provider_code)
    if error.kind is SendErrorKind.UNCERTAIN:
        return _uncertain(channel, sentence, code)
    return Failure(error.kind, sentence, code, _wish(error.retry_after))


def _wish(seconds: float | None) -> float | None:
    if seconds is None or not isfinite(seconds):
        return None
    return min(max(seconds, 0.0), LONGEST_WISH_S)


def _storable(result: SendResult) -> SendResult:
    """In text that every database takes: an answer that can't be stored would be one that never came."""
    parts = (
        replace(part, provider_id=_cleaned(part.provider_id), code=_cleaned(part.code), reason=_cleaned(part.reason))
        for part in result.parts
    )
    metadata = {clean(name): clean(value) for name, value in result.metadata.items()}
    return replace(result, parts=tuple(parts), subject=_cleaned(result.subject), metadata=metadata)


def _cleaned(text: str | None) -> str | None:
    return None if text is None else clean(text)


def _uncertain(channel: Channel, sentence: str, provider_code: str | None = None) -> Failure:
    """Where the provider itself refuses a second send of the same attempt, not knowing is no reason not to try."""
    kind = SendErrorKind.UNAVAILABLE if channel.idempotent else SendErrorKind.UNCERTAIN
    return Failure(kind, sentence, provider_code, unknown=channel.idempotent)
