"""Errors as data: what a failed send means for the message, said once, by the channel that knows."""

from enum import StrEnum


class SendErrorKind(StrEnum):
    """What the core does about it."""

    UNAVAILABLE = "unavailable"  # the provider was not reached: queued again, with backoff
    THROTTLED = "throttled"  # later and slower, without using up an attempt
    DEFERRED = "deferred"  # the provider is well, but takes this message later: again with backoff, the rest goes on
    REJECTED = "rejected"  # final: this message will never be accepted as it is
    OPTED_OUT = "opted_out"  # final, and the consent ledger learns it
    UNCERTAIN = "uncertain"  # bytes had left and no answer came: never sent again by itself
    MISCONFIGURED = "misconfigured"  # credentials or settings are wrong: queued, the gateway's health goes down


class Delivery(StrEnum):
    """How far a failed send had come, which decides whether another gateway may try."""

    NOT_ACCEPTED = "not_accepted"  # provably not accepted
    UNKNOWN = "unknown"


class SendError(Exception):
    """A send that was not accepted.

    `sentence` is for people, `provider_code` for whoever calls the provider, `retry_after` in seconds when the provider
    named one.
    """

    def __init__(
        self,
        kind: SendErrorKind,
        sentence: str,
        *,
        provider_code: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence
        self.provider_code = provider_code
        self.retry_after = retry_after

    @property
    def delivery(self) -> Delivery:
        """UNKNOWN only where the provider may have taken the message."""
        return Delivery.UNKNOWN if self.kind is SendErrorKind.UNCERTAIN else Delivery.NOT_ACCEPTED


class WebhookError(Exception):
    """A webhook the channel cannot read; the payload is kept raw and acknowledged."""


class NoticeFailed(Exception):
    """A notifier could not tell somebody. The sentence is for them; it must not repeat the target."""


class ActionRefused(Exception):
    """What an automation wanted can't be done, now or later. The sentence is for whoever reads its log."""
