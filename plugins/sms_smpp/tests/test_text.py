"""Alphabets and long messages, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sdk.text import Concat, Encoding, gsm7_encode, split
from gateway_sms_smpp import pdu
from gateway_sms_smpp.long import LongMessages, Piece, Segment, piece, segments
from gateway_sms_smpp.pdu import DataSm, DeliverSm, Tag, Tlv
from gateway_sms_smpp.text import Alphabet, Codings, encode

GSM7, LATIN1, ASCII = Alphabet.GSM7, Alphabet.LATIN1, Alphabet.ASCII
UNPACKED = (GSM7, LATIN1, ASCII)


@pytest.mark.parametrize(
    ("octets", "coding", "alphabet", "expected"),
    [
        (b"\x00\x1b\x65\x11", 0x00, GSM7, "@€_"),
        (b"caf\xe9", 0x00, LATIN1, "café"),
        (b"caf\xe9", 0x00, ASCII, "caf\ufffd"),
        (b"caf\xe9", 0x00, GSM7, "caf\ufffd"),
        (b"$@", 0x01, GSM7, "$@"),
        (b"caf\xe9", 0x03, GSM7, "café"),
        (b"caf\xe9", 0x04, GSM7, "café"),
        (b"\xbf\xe0\xd8", 0x06, GSM7, "При"),
        (b"\xf9\xec\xe5\xed", 0x07, GSM7, "שלום"),
        ("жи😀".encode("utf-16-be"), 0x08, GSM7, "жи😀"),
        (b"\x04\x36\x04", 0x08, GSM7, "ж\ufffd"),
        (b"\xd8\x3d\x00\x41", 0x08, GSM7, "\ufffdA"),
        ("カ".encode("iso2022_jp"), 0x0A, GSM7, "カ"),
        ("한".encode("euc_kr"), 0x0E, GSM7, "한"),
        (b"\x00", 0x10, GSM7, "@"),
        ("ж".encode("utf-16-be"), 0x18, GSM7, "ж"),
        (b"\xe9", 0x14, GSM7, "é"),
        (b"\x00", 0xC0, GSM7, "@"),
        ("ж".encode("utf-16-be"), 0xE0, GSM7, "ж"),
        (b"\x00", 0xF0, GSM7, "@"),
        (b"\xe9", 0xF5, GSM7, "é"),
        (b"", 0x08, GSM7, ""),
    ],
)
def test_data_coding_names_the_alphabet(octets: bytes, coding: int, alphabet: Alphabet, expected: str) -> None:
    assert Codings(alphabet).decode(octets, coding) == expected


@given(st.binary(max_size=300), st.integers(0, 255), st.sampled_from(Alphabet))
def test_any_octets_in_any_coding_become_a_text_that_can_be_stored(
    octets: bytes, coding: int, alphabet: Alphabet
) -> None:
    Codings(alphabet).decode(octets, coding).encode()


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400), st.sampled_from(UNPACKED))
def test_what_is_encoded_is_what_was_written(written: str, alphabet: Alphabet) -> None:
    codings = Codings(alphabet)
    chosen = codings.choose(written, split(written).encoding)
    assert codings.decode(encode(written, chosen), codings.number(chosen)) == written


def _over_the_wire(segment: Segment) -> DeliverSm:
    """What a centre hands on of a part, through the octets of its PDU, with a parameter of its own."""
    body = DeliverSm(
        esm_class=segment.esm_class,
        data_coding=segment.data_coding,
        short_message=segment.octets,
        tlvs=(*segment.tlvs, Tlv(0x1400, b"own")),
    )
    read = pdu.decode(pdu.encode(body, 1)).body
    assert isinstance(read, DeliverSm)
    assert read.tlvs == body.tlvs
    return read


@given(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=800),
        st.text(st.sampled_from("ab€[Ω\n"), max_size=900),
    ),
    st.integers(0, 0xFFFF),
    st.sampled_from(UNPACKED),
    st.sampled_from(LongMessages),
)
def test_our_own_parts_read_back_as_the_message(
    written: str, reference: int, alphabet: Alphabet, form: LongMessages
) -> None:
    codings = Codings(alphabet)
    cut = split(written)
    sent = segments(cut.parts, cut.encoding, reference, codings, form)
    read = [piece(_over_the_wire(segment), codings) for segment in sent]

    assert "".join(one.text for one in read) == written
    assert {part for segment in sent for part in segment.parts} == set(range(1, len(cut.parts) + 1))
    assert all(len(segment.octets) <= 160 for segment in sent)
    if len(read) > 1:
        expected = reference & (0xFF if form is LongMessages.UDH else 0xFFFF)
        assert [one.concat for one in read] == [Concat(expected, len(read), n) for n in range(1, len(read) + 1)]


def _sar(reference: int, total: int, index: int) -> tuple[Tlv, ...]:
    return (
        Tlv.of_int(Tag.SAR_MSG_REF_NUM, reference, 2),
        Tlv.of_int(Tag.SAR_TOTAL_SEGMENTS, total, 1),
        Tlv.of_int(Tag.SAR_SEGMENT_SEQNUM, index, 1),
    )


HEADER_8 = bytes((5, 0, 3, 7, 3, 2))
HEADER_16 = bytes((6, 8, 4, 1, 2, 3, 2))
PORTS = bytes((11, 5, 4, 0x23, 0xF0, 0, 0, 0, 3, 7, 3, 2))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (DeliverSm(short_message=b"Hi"), Piece("Hi", None)),
        (DeliverSm(esm_class=0x40, short_message=HEADER_8 + b"Hi"), Piece("Hi", Concat(7, 3, 2))),
        (DeliverSm(esm_class=0x43, short_message=HEADER_8 + b"Hi"), Piece("Hi", Concat(7, 3, 2))),
        (DeliverSm(esm_class=0x40, short_message=HEADER_16 + b"Hi"), Piece("Hi", Concat(0x0102, 3, 2))),
        (DeliverSm(esm_class=0x40, short_message=PORTS + b"Hi"), Piece("Hi", Concat(7, 3, 2))),
        (DeliverSm(esm_class=0x40, short_message=b"\x05\x00\x03\x07\x01\x01Hi"), Piece("Hi", None)),
        (DeliverSm(esm_class=0x40, short_message=b"\x30Hi"), Piece("0Hi", None)),
        (DeliverSm(short_message=b"Hi", tlvs=_sar(700, 3, 2)), Piece("Hi", Concat(700, 3, 2))),
        (DeliverSm(short_message=b"Hi", tlvs=_sar(700, 1, 1)), Piece("Hi", None)),
        (DeliverSm(short_message=b"Hi", tlvs=_sar(700, 3, 4)), Piece("Hi", None)),
        (DeliverSm(short_message=b"Hi", tlvs=_sar(700, 3, 2)[:2]), Piece("Hi", None)),
        (DeliverSm(tlvs=(Tlv(Tag.MESSAGE_PAYLOAD, b"Hi"),)), Piece("Hi", None)),
        (DataSm(tlvs=(Tlv(Tag.MESSAGE_PAYLOAD, b"Hi"),)), Piece("Hi", None)),
        (DataSm(esm_class=0x40, tlvs=(Tlv(Tag.MESSAGE_PAYLOAD, HEADER_8 + b"Hi"),)), Piece("Hi", Concat(7, 3, 2))),
        (DeliverSm(), Piece("", None)),
        # Half a surrogate pair at a part's edge is kept for the core to join, and only there.
        (
            DeliverSm(esm_class=0x40, data_coding=8, short_message=HEADER_8 + b"\xd8\x3d"),
            Piece("\ud83d", Concat(7, 3, 2)),
        ),
        (DeliverSm(data_coding=8, short_message=b"\xd8\x3d"), Piece("\ufffd", None)),
    ],
)
def test_inbound_forms(message: DeliverSm | DataSm, expected: Piece) -> None:
    assert piece(message, Codings()) == expected


def test_a_greek_text_for_an_ascii_centre_is_cut_again_as_ucs2() -> None:
    cut = split("Ω" * 300)
    assert (cut.encoding, len(cut.parts)) == (Encoding.GSM7, 2)

    sent = segments(cut.parts, cut.encoding, 1, Codings(ASCII), LongMessages.UDH)

    assert {segment.data_coding for segment in sent} == {8}
    assert [len(segment.octets) for segment in sent] == [140, 140, 140, 140, 70]
    assert [segment.parts for segment in sent] == [(1,), (1,), (1,), (2,), (2,)]


def test_gsm_septets_are_not_packed() -> None:
    (segment,) = segments(("{€}",), Encoding.GSM7, 1, Codings(), LongMessages.UDH)
    assert segment.octets == gsm7_encode("{€}") == b"\x1b\x28\x1b\x65\x1b\x29"
