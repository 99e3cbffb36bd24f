"""Packed septets, after headers too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sdk.text import split
from gateway_sms_smpp.long import LongMessages, piece, segments
from gateway_sms_smpp.pdu import DeliverSm
from gateway_sms_smpp.septets import pack, unpack
from gateway_sms_smpp.text import Alphabet, Codings

PACKED = Codings(Alphabet.GSM7_PACKED)


@pytest.mark.parametrize(
    ("septets", "header", "octets"),
    [
        (b"hellohello", 0, "e8329bfd4697d9ec37"),  # 3GPP TS 23.038 in everybody's example
        (b"", 0, ""),
        (b"a", 0, "61"),
        (b"1234567", 0, "31d98c56b3dd1a"),
        (b"12345678", 0, "31d98c56b3dd70"),
        (b"a", 6, "c2"),
    ],
)
def test_octets(septets: bytes, header: int, octets: str) -> None:
    assert pack(septets, header).hex() == octets
    assert unpack(bytes.fromhex(octets), header) == septets


def test_zeros_that_fill_the_last_octet_are_no_character() -> None:
    assert unpack(bytes.fromhex("31d98c56b3dd00")) == b"1234567"


@given(st.lists(st.integers(1, 127).filter(lambda septet: septet != 0x0D), max_size=160).map(bytes), st.integers(0, 12))
def test_septets_come_back(septets: bytes, header: int) -> None:
    octets = pack(septets, header)
    assert unpack(octets, header) == septets
    assert len(octets) <= (len(septets) * 7 + 6 + 7) // 8


@given(st.text(st.sampled_from("ab€[Ω\n@"), max_size=900), st.sampled_from(LongMessages))
def test_parts_come_back_and_fit(written: str, form: LongMessages) -> None:
    written += "."  # nobody can tell "@" at the end from fill
    cut = split(written)
    sent = segments(cut.parts, cut.encoding, 77, PACKED, form)
    read = [
        piece(
            DeliverSm(esm_class=one.esm_class, data_coding=one.data_coding, short_message=one.octets, tlvs=one.tlvs),
            PACKED,
        )
        for one in sent
    ]
    ambiguous = any(part.endswith("@") for part in cut.parts)
    assert ambiguous or "".join(one.text for one in read) == written
    assert all(len(one.octets) <= 140 for one in sent)
    assert {one.data_coding for one in sent} == {0}
