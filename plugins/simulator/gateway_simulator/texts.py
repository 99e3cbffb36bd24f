"""What becomes of a phone's text on its way through the simulated network."""

import random
from collections.abc import Sequence
from dataclasses import replace
from zlib import crc32

from gateway.sdk import Inbound
from gateway.sdk.faults import Dials, draw_fate
from gateway.sdk.text import Concat, split

_CALM = Dials()


def through_network(inbound: Inbound, dials: Dials) -> Sequence[Inbound]:
    """The text as it arrives: whole or in its parts, in order or backwards, once or twice.

    Chance comes from the message's id, so that the same message posted again has the same fate.
    """
    if dials == _CALM:
        return [inbound]
    fate = draw_fate(dials, random.Random(inbound.provider_id).random)  # noqa: S311  no secret hangs on it
    pieces = _parts(inbound) if fate.splits else [inbound]
    if fate.late:
        pieces.reverse()
    return pieces * 2 if fate.doubles else pieces


def _parts(inbound: Inbound) -> list[Inbound]:
    """The segments of a long text, each with the header that joins them; a short text is one piece."""
    cut = split(inbound.body).parts
    if inbound.channel != "sms" or len(cut) == 1 or inbound.provider_id is None:
        return [inbound]
    reference = crc32(inbound.provider_id.encode("utf-8", "replace")) & 0xFF
    return [
        replace(
            inbound, body=part, provider_id=f"{inbound.provider_id}.{index}", concat=Concat(reference, len(cut), index)
        )
        for index, part in enumerate(cut, 1)
    ]
