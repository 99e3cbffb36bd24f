"""The sentence about a contact who opted out: of everything, or of what one of our numbers writes."""

from zoneinfo import ZoneInfo

import pytest

from gateway.domain.address import AddressKind
from gateway.domain.consent import ALL_SENDERS
from gateway.domain.model import ConsentRecord
from gateway.web.pages.formatting import Times
from gateway.web.pages.sides import stopped_by

NOON = 1_764_244_800_000
DESK = "+14155550100"
EVERYTHING = "Opted out Today 12:00 with “STOP”. Messages are blocked until they text START."
ONE_NUMBER = "Opted out Today 12:00 of messages from +1 415 555 0100. Those are blocked until they text START."


def line(state: str, scope: str = ALL_SENDERS, *, source: str = "contact", words: str | None = None) -> ConsentRecord:
    value = "+14155550148"
    return ConsentRecord(1, 1, AddressKind.PHONE, value, scope, "any", state, source, NOON, words)


STOP = line("unsubscribed", words="STOP")
START = line("subscribed", words="START")
AT_THE_PROVIDER = line("unsubscribed", DESK, source="provider")


@pytest.mark.parametrize(
    ("ledger", "told"),
    [
        ([], ""),
        ([STOP], EVERYTHING),
        ([AT_THE_PROVIDER], ONE_NUMBER),
        ([STOP, AT_THE_PROVIDER], EVERYTHING),
        ([STOP, START], ""),
        ([AT_THE_PROVIDER, START], ""),
        ([START, STOP], EVERYTHING),
        ([STOP, line("subscribed", source="agent")], EVERYTHING),
        ([line("subscribed", DESK, source="agent"), AT_THE_PROVIDER], ONE_NUMBER),
    ],
)
def test_what_stands_is_told(ledger: list[ConsentRecord], told: str) -> None:
    assert stopped_by(ledger[::-1], Times(NOON, ZoneInfo("UTC"))) == told
