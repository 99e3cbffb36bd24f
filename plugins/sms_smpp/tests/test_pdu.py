"""The codec: every PDU there and back, broken bytes, and the limits of fields."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_sms_smpp import pdu
from gateway_sms_smpp.pdu import Body, Framer, Pdu, PduError, Status, Tlv, decode, encode

_TLVS = st.lists(st.builds(Tlv, st.integers(0, 0xFFFF), st.binary(max_size=30)), max_size=4).map(tuple)
_OCTET = st.integers(0, 255)


def _string(most: int) -> st.SearchStrategy[str]:
    return st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=most)


_ADDRESS = {f"{side}_addr_{what}": _OCTET for side in ("source", "dest") for what in ("ton", "npi")}
_MESSAGE: dict[str, st.SearchStrategy[Any]] = {
    **_ADDRESS,
    "service_type": _string(5),
    "source_addr": _string(20),
    "destination_addr": _string(20),
    "esm_class": _OCTET,
    "protocol_id": _OCTET,
    "priority_flag": _OCTET,
    "schedule_delivery_time": _string(16),
    "validity_period": _string(16),
    "registered_delivery": _OCTET,
    "replace_if_present_flag": _OCTET,
    "data_coding": _OCTET,
    "sm_default_msg_id": _OCTET,
    "short_message": st.binary(max_size=254),
}
_BIND = {
    "system_id": _string(15),
    "password": _string(8),
    "system_type": _string(12),
    "interface_version": _OCTET,
    "addr_ton": _OCTET,
    "addr_npi": _OCTET,
    "address_range": _string(40),
}
_FIELDS: dict[type[Body], dict[str, st.SearchStrategy[Any]]] = {
    pdu.BindReceiver: _BIND,
    pdu.BindTransmitter: _BIND,
    pdu.BindTransceiver: _BIND,
    pdu.BindReceiverResp: {"system_id": _string(15)},
    pdu.BindTransmitterResp: {"system_id": _string(15)},
    pdu.BindTransceiverResp: {"system_id": _string(15)},
    pdu.Outbind: {"system_id": _string(15), "password": _string(8)},
    pdu.Unbind: {},
    pdu.UnbindResp: {},
    pdu.EnquireLink: {},
    pdu.EnquireLinkResp: {},
    pdu.GenericNack: {},
    pdu.AlertNotification: {
        "source_addr_ton": _OCTET,
        "source_addr_npi": _OCTET,
        "source_addr": _string(64),
        "esme_addr_ton": _OCTET,
        "esme_addr_npi": _OCTET,
        "esme_addr": _string(64),
    },
    pdu.SubmitSm: _MESSAGE,
    pdu.DeliverSm: _MESSAGE,
    pdu.DataSm: {
        **_ADDRESS,
        "service_type": _string(5),
        "source_addr": _string(64),
        "destination_addr": _string(64),
        "esm_class": _OCTET,
        "registered_delivery": _OCTET,
        "data_coding": _OCTET,
    },
    pdu.SubmitSmResp: {"message_id": _string(64)},
    pdu.DeliverSmResp: {"message_id": _string(64)},
    pdu.DataSmResp: {"message_id": _string(64)},
    pdu.QuerySm: {
        "message_id": _string(64),
        "source_addr_ton": _OCTET,
        "source_addr_npi": _OCTET,
        "source_addr": _string(20),
    },
    pdu.QuerySmResp: {
        "message_id": _string(64),
        "final_date": _string(16),
        "message_state": _OCTET,
        "error_code": _OCTET,
    },
}
_BODIES = st.one_of(*(st.builds(kind, tlvs=_TLVS, **fields) for kind, fields in _FIELDS.items()))


def _read(octets: bytes) -> Pdu | None:
    """The PDU, or None where the codec says there is none; anything it raises beside that fails the test."""
    try:
        return decode(octets)
    except PduError:
        return None


@given(_BODIES, st.integers(0, 0xFFFF_FFFF))
def test_every_body_comes_back(body: Body, sequence: int) -> None:
    assert decode(encode(body, sequence)) == Pdu(body.COMMAND, 0, sequence, body)


@given(st.binary(max_size=300), st.sampled_from([kind.COMMAND for kind in _FIELDS] + [0x7777]), st.booleans())
def test_random_bodies_are_read_or_refused_by_a_pdu_error(octets: bytes, command: int, refused: bool) -> None:
    frame = (16 + len(octets)).to_bytes(4, "big") + command.to_bytes(4, "big") + bytes((0, 0, 0, refused)) + b"\0\0\0\1"
    decoded = _read(frame + octets)
    assert decoded is None or (decoded.command, decoded.status, decoded.sequence) == (command, int(refused), 1)


@given(_BODIES, st.data())
def test_damaged_pdus_are_read_or_refused_by_a_pdu_error(body: Body, data: st.DataObject) -> None:
    frame = bytearray(encode(body, 1))
    for place in data.draw(st.lists(st.integers(0, len(frame) - 1), max_size=5)):
        frame[place] = data.draw(_OCTET)
    cut = bytes(frame[: data.draw(st.integers(0, len(frame)))])
    for octets in (bytes(frame), cut):
        decoded = _read(octets)
        assert decoded is None or len(octets) >= 16


@given(st.lists(_BODIES, max_size=5), st.integers(1, 40))
def test_a_stream_in_pieces_of_any_size_gives_the_same_frames(bodies: list[Body], size: int) -> None:
    frames = [encode(body, n) for n, body in enumerate(bodies)]
    stream = b"".join(frames)
    framer = Framer()
    found = [frame for at in range(0, len(stream), size) for frame in framer.feed(stream[at : at + size])]
    assert found == frames


@pytest.mark.parametrize("length", [0, 4, 15, 65_537, 0xFFFF_FFFF])
def test_a_length_outside_16_octets_to_64_kilobytes_ends_the_stream(length: int) -> None:
    with pytest.raises(PduError) as error:
        list(Framer().feed(length.to_bytes(4, "big") + bytes(12)))
    assert error.value.status == Status.RINVCMDLEN


@pytest.mark.parametrize("length", [16, 65_536])
def test_the_shortest_and_the_longest_frame(length: int) -> None:
    frame = length.to_bytes(4, "big") + bytes(length - 4)
    assert list(Framer().feed(frame)) == [frame]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (pdu.SubmitSm(source_addr="x" * 21), Status.RINVSRCADR),
        (pdu.SubmitSm(destination_addr="x" * 21), Status.RINVDSTADR),
        (pdu.SubmitSm(service_type="x" * 6), Status.RINVPARLEN),
        (pdu.SubmitSm(service_type="a\0b"), Status.RINVPARLEN),
        (pdu.SubmitSm(source_addr="€"), Status.RINVSRCADR),
        (pdu.SubmitSm(short_message=bytes(255)), Status.RINVMSGLEN),
        (pdu.SubmitSm(data_coding=256), Status.RINVPARLEN),
        (pdu.SubmitSm(data_coding=-1), Status.RINVPARLEN),
        (pdu.SubmitSm(validity_period="x" * 17), Status.RINVEXPIRY),
        (pdu.SubmitSm(tlvs=(Tlv(0x10000, b""),)), Status.ROPTPARSTREAM),
        (pdu.SubmitSm(tlvs=(Tlv(0x0424, bytes(65_536)),)), Status.ROPTPARSTREAM),
        (pdu.SubmitSm(tlvs=(Tlv(0x0424, bytes(65_500)),)), Status.RINVCMDLEN),
        (pdu.SubmitSmResp(message_id="x" * 65), Status.RINVMSGID),
        (pdu.BindTransceiver(system_type="x" * 13), Status.RINVSYSTYP),
        (pdu.Unknown(octets=b"x"), Status.RINVCMDID),
    ],
)
def test_values_without_room_on_the_wire_are_refused(body: Body, status: Status) -> None:
    with pytest.raises(PduError) as error:
        encode(body, 1)
    assert error.value.status == status


@pytest.mark.parametrize(
    ("hexadecimal", "status"),
    [
        ("", Status.RINVCMDLEN),
        ("00000011 00000015 00000000 00000001", Status.RINVCMDLEN),
        ("00000013 00000006 00000000 00000001 020400", Status.ROPTPARSTREAM),
        ("00000016 00000006 00000000 00000001 020400030102", Status.ROPTPARSTREAM),
        ("00000012 80000004 00000000 00000001 6131", Status.RINVMSGID),
        ("00000014 00000005 00000000 00000001 00000000", Status.RINVCMDLEN),
        ("00000014 00000005 00000000 00000001 00000031", Status.RINVSRCADR),
        ("00000020 00000005 00000000 00000001" + "00" * 16, Status.RINVCMDLEN),
        ("00000022 00000005 00000000 00000001" + "00" * 16 + "02 61", Status.RINVMSGLEN),
        ("00000011 00000103 00000000 00000001 00", Status.RINVCMDLEN),
    ],
)
def test_broken_structure_is_refused(hexadecimal: str, status: Status) -> None:
    with pytest.raises(PduError) as error:
        decode(bytes.fromhex(hexadecimal))
    assert error.value.status == status


@pytest.mark.parametrize(
    ("hexadecimal", "expected"),
    [
        ("00000010 80000004 00000058 00000007", Pdu(0x8000_0004, 0x58, 7, None)),
        ("00000012 80000004 00000058 00000007 6131", Pdu(0x8000_0004, 0x58, 7, None)),
        ("00000013 80000004 00000058 00000007 613100", Pdu(0x8000_0004, 0x58, 7, pdu.SubmitSmResp(message_id="a1"))),
        ("00000010 80000004 00000000 00000007", Pdu(0x8000_0004, 0, 7, pdu.SubmitSmResp())),
        ("00000015 80000004 00000000 00000007 6131000000", Pdu(0x8000_0004, 0, 7, pdu.SubmitSmResp(message_id="a1"))),
        ("00000010 80000009 0000000e 00000001", Pdu(0x8000_0009, 0xE, 1, None)),
        ("00000012 00007777 00000000 00000001 abcd", Pdu(0x7777, 0, 1, pdu.Unknown(octets=b"\xab\xcd"))),
    ],
)
def test_answers_without_bodies_padding_and_unknown_commands(hexadecimal: str, expected: Pdu) -> None:
    assert decode(bytes.fromhex(hexadecimal)) == expected


def test_a_message_id_longer_than_the_specification_allows_is_still_read() -> None:
    frame = bytes.fromhex("00000059 80000004 00000000 00000001") + b"m" * 72 + b"\0"
    assert decode(frame).body == pdu.SubmitSmResp(message_id="m" * 72)


@pytest.mark.parametrize(("sequence", "status"), [(-1, 0), (1 << 32, 0), (1, -1), (1, 1 << 32)])
def test_header_numbers_have_32_bits(sequence: int, status: int) -> None:
    with pytest.raises(PduError):
        encode(pdu.SubmitSmResp(), sequence, status)


def test_an_error_answer_is_sixteen_octets() -> None:
    assert encode(pdu.DeliverSmResp(), 9, Status.RX_T_APPN).hex() == "00000010800000050000006400000009"
