"""Which receipts a simulated network sends for what, and in which order."""

from collections.abc import Sequence

from gateway.sdk import Receipt
from gateway.sdk.faults import arrange
from gateway.sdk.text import Status
from gateway_simulator.outbox import Sent

UNREACHABLE = "The simulated phone is switched off."


def receipts_for(batch: Sequence[Sent]) -> list[Receipt]:
    """The receipts of some messages, doubled, lost and out of order where their fates say so."""
    return arrange(([_of(sent, id_) for id_ in sent.ids], sent.fate) for sent in batch)


def _of(sent: Sent, provider_id: str) -> Receipt:
    return Receipt(
        provider_ids=(provider_id,),
        state=Status.UNDELIVERED if sent.fails else Status.DELIVERED,
        attempt=sent.attempt,
        code="absent" if sent.fails else None,
        text=UNREACHABLE if sent.fails else None,
        raw=f"{provider_id} {'undelivered' if sent.fails else 'delivered'}".encode(),
    )
