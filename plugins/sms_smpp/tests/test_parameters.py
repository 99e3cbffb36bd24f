"""Optional parameters in settings, in the metadata of messages, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_sms_smpp.parameters import ANSWER, merged, metadata_of, of_metadata, parse
from gateway_sms_smpp.pdu import Tag, Tlv


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("", ()),
        ("1400=1201159", (Tlv(0x1400, b"1201159"),)),
        ("1400 = two words , 1401=0x00fF,", (Tlv(0x1400, b"two words"), Tlv(0x1401, b"\x00\xff"))),
        ("5=a=b", (Tlv(5, b"a=b"),)),
        ("0x1400=é", (Tlv(0x1400, "é".encode()),)),
        ("1400=0x", (Tlv(0x1400, b""),)),
        ("1400=", (Tlv(0x1400, b""),)),
    ],
)
def test_settings(setting: str, expected: tuple[Tlv, ...]) -> None:
    assert parse(setting) == expected


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("1400", "'1400' is no optional parameter"),
        ("14000=a", "not one to four hexadecimal digits"),
        ("tag=a", "not one to four hexadecimal digits"),
        ("0=a", "not one to four hexadecimal digits"),
        ("1400=0xabc", "not octets in hexadecimal digits"),
        ("0424=text", "Parameter 0424 is written by the gateway itself"),
    ],
)
def test_settings_that_are_none(setting: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse(setting)


@pytest.mark.parametrize("metadata", [{"tlv_1400": "xyz"}, {"tlv_": "00"}, {"tlv_020c": "0001"}])
def test_metadata_that_is_none(metadata: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"not octets|hexadecimal digits|by the gateway itself"):
        of_metadata(metadata)


@given(st.dictionaries(st.integers(0x1400, 0x3FFF), st.binary(max_size=500), max_size=30))
def test_what_came_in_could_go_out_again(values: dict[int, bytes]) -> None:
    tlvs = tuple(Tlv(tag, value) for tag, value in values.items())
    assert of_metadata({"order": "77", **metadata_of(tlvs)}) == tlvs
    assert of_metadata(metadata_of(tlvs, ANSWER)) == ()


def test_what_has_a_meaning_or_is_too_long_is_not_metadata() -> None:
    tlvs = (Tlv(Tag.SAR_MSG_REF_NUM, b"\0\1"), Tlv(0x1400, bytes(501)), Tlv(0x1401, b"a"), Tlv(0x1401, b"b"))
    assert metadata_of(tlvs) == {"tlv_1401": "61"}
    assert len(metadata_of(Tlv(0x1400 + n, b"") for n in range(40))) == 30


def test_a_message_brings_its_own() -> None:
    usual = (Tlv(0x1400, b"usual"), Tlv(0x1401, b"kept"))
    assert merged(usual, (Tlv(0x1400, b"own"),)) == (Tlv(0x1401, b"kept"), Tlv(0x1400, b"own"))
