"""Which receipts a simulated network sends for what, and in which order."""

from collections.abc import Sequence

from gateway.sdk import Receipt
from gateway.sdk.text import Status
from gateway_simulator.outbox import Sent

UNREACHABLE = "The simulated phone is switched off."


def receipts_for(batch: Sequence[Sent]) -> list[Receipt]:
    """The receipts of some messages, doubled and out of order where their fates say so.

    A late receipt lets the next one overtake it; the last of a batch has nothing to be overtaken by.
    """
    ordered: list[Receipt] = []
    held: list[Receipt] = []
    for sent in batch:
        own = [receipt for id_ in sent.ids for receipt in _of(sent, id_)]
        if sent.fate.late and not held:
            held = own
            continue
        ordered += own + held
        held = []
    return ordered + held


def _of(sent: Sent, provider_id: str) -> list[Receipt]:
    receipt = Receipt(
        provider_ids=(provider_id,),
        state=Status.UNDELIVERED if sent.fate.fails else Status.DELIVERED,
        attempt=sent.attempt,
        code="absent" if sent.fate.fails else None,
        text=UNREACHABLE if sent.fate.fails else None,
        raw=f"{provider_id} {'undelivered' if sent.fate.fails else 'delivered'}".encode(),
    )
    return [receipt, receipt] if sent.fate.doubles else [receipt]
