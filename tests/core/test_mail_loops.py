"""Machines that write to each other: what a machine of theirs wrote is remembered, whoever else wrote from there."""

import pytest

from gateway.domain.model import Thread
from gateway.domain.nature import Nature
from tests.core.running import running_core

SHOP = "desk@shop.example"
THEIRS = "maya@customer.example"


@pytest.mark.parametrize(
    ("natures", "remembered"),
    [
        ((Nature.NATURAL, Nature.AUTO), True),
        ((Nature.AUTO, Nature.AUTO), True),
        ((Nature.AUTO, Nature.NATURAL), True),
        ((Nature.NATURAL, Nature.NATURAL), False),
    ],
    ids=lambda one: "-".join(one) if isinstance(one, tuple) else "",
)
async def test_a_machine_is_remembered_whenever_it_wrote(
    database_url: str, natures: tuple[Nature, ...], remembered: bool
) -> None:
    async with running_core(database_url) as core:
        for nature in natures:
            await core.receive("Hello", THEIRS, SHOP, channel="email", nature=nature)
        [thread] = await core.all(Thread)
        assert (thread.automatic_at is not None) == remembered
