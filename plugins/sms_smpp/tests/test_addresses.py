"""Addresses both ways: TON and NPI by kind and by setting, and what stands before the digits."""

import pytest

from gateway.sdk.text import SenderKind
from gateway_sms_smpp.addresses import Numbering, WireAddress, spelled

LONG, SHORT, NAME, FREE = (
    SenderKind.LONG_CODE,
    SenderKind.SHORT_CODE,
    SenderKind.ALPHANUMERIC,
    SenderKind.TOLL_FREE,
)


@pytest.mark.parametrize(
    ("ton", "value", "expected"),
    [
        (1, "15550100", "+15550100"),
        (1, "0015550100", "+15550100"),
        (1, "+15550100", "+15550100"),
        (0, "15550100", "15550100"),
        (3, "55501", "55501"),
        (5, "Onethread", "Onethread"),
        (1, "", ""),
    ],
)
def test_inbound_addresses(ton: int, value: str, expected: str) -> None:
    assert spelled(ton, value) == expected


@pytest.mark.parametrize(
    ("rules", "kind", "value", "expected"),
    [
        ("", LONG, "+15550100", WireAddress(1, 1, "15550100")),
        ("", FREE, "+18005550100", WireAddress(1, 1, "18005550100")),
        ("", SHORT, "55501", WireAddress(3, 0, "55501")),
        ("", NAME, "DESK", WireAddress(5, 0, "DESK")),
        ("short_code=0/1", SHORT, "55501", WireAddress(0, 1, "55501")),
        ("short_code=0/1", LONG, "+15550100", WireAddress(1, 1, "15550100")),
        (" alphanumeric=5/1,long_code=2/8 ", LONG, "+15550100", WireAddress(2, 8, "15550100")),
        ("long_code=0/0", LONG, "+15550100", WireAddress(0, 0, "15550100")),
    ],
)
def test_senders(rules: str, kind: SenderKind, value: str, expected: WireAddress) -> None:
    assert Numbering.parse(rules, "").sender(kind, value) == expected


@pytest.mark.parametrize(
    ("rules", "prefix", "value", "expected"),
    [
        ("", "", "+15550101", WireAddress(1, 1, "15550101")),
        ("", "", "55501", WireAddress(0, 0, "55501")),
        ("", "+", "+15550101", WireAddress(1, 1, "+15550101")),
        ("", "00", "+15550101", WireAddress(1, 1, "0015550101")),
        ("", "00", "55501", WireAddress(0, 0, "55501")),
        ("recipient=0/1", "", "+15550101", WireAddress(0, 1, "15550101")),
        ("short_recipient=3/8", "", "55501", WireAddress(3, 8, "55501")),
    ],
)
def test_recipients(rules: str, prefix: str, value: str, expected: WireAddress) -> None:
    assert Numbering.parse(rules, prefix).recipient(value) == expected


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ("landline=1/1", "TON and NPI can't be set for 'landline'"),
        ("short_code", "'short_code' is no rule"),
        ("short_code=1", "'short_code=1' is no rule"),
        ("short_code=1/256", "'short_code=1/256' is no rule"),
        ("short_code=-1/1", "is no rule"),
    ],
)
def test_rules_that_are_none(rules: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Numbering.parse(rules, "")
