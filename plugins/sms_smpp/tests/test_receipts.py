"""Receipts in both forms, their ids, and what is none."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sdk import Inbound, Receipt, Unparsed
from gateway.sdk.text import Status
from gateway_sms_smpp.deliveries import Delivery
from gateway_sms_smpp.echoes import Echoes, reference_of
from gateway_sms_smpp.incoming import Incoming
from gateway_sms_smpp.pdu import DataSm, DeliverSm, EnquireLink, Header, Tag, Tlv, encode
from gateway_sms_smpp.receipt_ids import ReceiptIdForm, ReceiptIds
from gateway_sms_smpp.receipts import Report, read, report_of
from gateway_sms_smpp.repeats import Repeats
from gateway_sms_smpp.text import Codings

from .peer import Standing

_VECTORS = json.loads((Path(__file__).parents[3] / "tests/vectors/receipts.json").read_text())["cases"]
_HEADER = Header(5, 0, 1)
_TEXT = b"id:7A2F sub:001 dlvrd:000 stat:UNDELIV err:0B4 Text:"


@pytest.mark.parametrize(("written", "message_id", "state"), _VECTORS)
def test_texts(written: str, message_id: str | None, state: str | None) -> None:
    assert read(written)[:2] == (message_id, Status(state) if state else None)


@pytest.mark.parametrize(
    ("written", "code"),
    [("id:1 err:0B4 stat:EXPIRED", "0B4"), ("id:1 stat:EXPIRED", None), ("id:1 text:err:5", None)],
)
def test_error_codes_in_texts(written: str, code: str | None) -> None:
    assert read(written)[2] == code


def _tlvs(message_id: bytes | None = None, state: int | None = None, code: bytes | None = None) -> tuple[Tlv, ...]:
    given_ = ((Tag.RECEIPTED_MESSAGE_ID, message_id), (Tag.NETWORK_ERROR_CODE, code))
    found = tuple(Tlv(tag, value) for tag, value in given_ if value is not None)
    return found if state is None else (*found, Tlv.of_int(Tag.MESSAGE_STATE, state, 1))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (DeliverSm(short_message=_TEXT), None),
        (DeliverSm(esm_class=0x40, short_message=_TEXT), None),
        (DeliverSm(esm_class=0x10, short_message=_TEXT), None),
        (DeliverSm(esm_class=0x04, short_message=_TEXT), ("7A2F", Status.UNDELIVERED, "0B4")),
        (DeliverSm(esm_class=0x07, short_message=_TEXT), ("7A2F", Status.UNDELIVERED, "0B4")),
        (DeliverSm(esm_class=0x20, short_message=b"id:1 stat:ENROUTE"), ("1", Status.SENT, None)),
        (DeliverSm(esm_class=0x04, short_message=b"id:1 stat:EXPIRED err:000"), ("1", Status.EXPIRED, None)),
        (DeliverSm(esm_class=0x08, short_message=_TEXT), ("7A2F", Status.UNDELIVERED, "0B4")),
        (DeliverSm(esm_class=0x08, short_message=b"got it, thanks"), None),
        (DeliverSm(esm_class=0x04, tlvs=_tlvs(b"a1\0", 2)), ("a1", Status.DELIVERED, None)),
        (DeliverSm(esm_class=0x04, tlvs=_tlvs(b"a1", 5, b"\x03\x01\x02")), ("a1", Status.UNDELIVERED, "258")),
        (DeliverSm(esm_class=0x04, short_message=_TEXT, tlvs=_tlvs(b"a1", 3)), ("a1", Status.EXPIRED, "0B4")),
        (DeliverSm(esm_class=0x04, short_message=_TEXT, tlvs=_tlvs(b"\0")), ("7A2F", Status.UNDELIVERED, "0B4")),
        (DeliverSm(esm_class=0x04, short_message=_TEXT, tlvs=_tlvs(code=b"\x03")), ("7A2F", Status.UNDELIVERED, "0B4")),
        (DataSm(esm_class=0x04, tlvs=_tlvs(b"a1\0", 8)), ("a1", Status.FAILED, None)),
        (
            DeliverSm(esm_class=0x04, data_coding=8, short_message=_TEXT.decode().encode("utf-16-be")),
            ("7A2F", Status.UNDELIVERED, "0B4"),
        ),
        (DeliverSm(esm_class=0x04), (None, None, None)),
    ],
)
def test_only_the_fields_of_a_pdu_make_it_a_receipt(message: DeliverSm | DataSm, expected: Any) -> None:
    report = report_of(message, Codings())
    assert (report and (report.message_id, report.state, report.code)) == expected


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (0, Status.SENT),
        (1, Status.SENT),
        (2, Status.DELIVERED),
        (3, Status.EXPIRED),
        (4, Status.FAILED),
        (5, Status.UNDELIVERED),
        (6, Status.SENT),
        (7, None),
        (8, Status.FAILED),
        (99, None),
    ],
)
def test_message_states(state: int, status: Status | None) -> None:
    report = report_of(DeliverSm(esm_class=4, tlvs=_tlvs(b"1", state)), Codings())
    assert isinstance(report, Report)
    assert report.state is status


@pytest.mark.parametrize(
    ("form", "issued", "receipt", "alone"),
    [
        ("auto", "123456", "123456", True),
        ("auto", "m20", "M20", True),
        ("auto", "M20", "m20", True),
        ("auto", "0000123456", "123456", True),
        ("auto", "123456", "0000123456", True),
        ("auto", "1e240", "123456", True),
        ("auto", "0001E240", "123456", True),
        ("auto", "0001e240", "0000123456", True),
        ("auto", "123456", "1E240", True),
        ("auto", "a-b-c.d", "a-b-c.d", True),
        ("decimal", "7B", "123", True),
        ("hex", "123", "7b", True),
        ("same", "0000007b", "7B", True),
        ("same", "7B", "123", False),
        ("hex", "7B", "123", False),
    ],
)
def test_an_id_is_found_however_the_receipt_spells_it(form: str, issued: str, receipt: str, alone: bool) -> None:
    ids = ReceiptIds(ReceiptIdForm(form))
    assert (issued in ids.spellings(receipt)) is alone
    ids.issued(issued)
    assert (ids.spellings(receipt) == (issued,)) is alone


def test_the_same_spelling_comes_first() -> None:
    assert ReceiptIds(ReceiptIdForm.AUTO).spellings("1234")[0] == "1234"


def test_the_configured_form_comes_first() -> None:
    assert ReceiptIds(ReceiptIdForm.DECIMAL).spellings("123")[0] == "7b"
    assert ReceiptIds(ReceiptIdForm.HEX).spellings("7B")[0] == "123"
    assert ReceiptIds(ReceiptIdForm.HEX).spellings("no-number") == ("no-number",)


def _learned(ids: ReceiptIds, *pairs: tuple[str, str]) -> ReceiptIds:
    for issued, receipt in pairs:
        ids.issued(issued)
        assert ids.spellings(receipt) == (issued,)
    return ids


SAME = tuple((f"{number}", f"{number}") for number in (1000, 1001, 1002))
DECIMAL = tuple((f"{number:x}", f"{number}") for number in range(2_000_000, 2_000_010))


def test_a_learned_habit_keeps_other_peoples_ids_out() -> None:
    ids = _learned(ReceiptIds(ReceiptIdForm.AUTO), *SAME[:2])
    assert "4d2" in ids.spellings("1234"), "two may be chance"
    _learned(ids, SAME[2])
    assert "4d2" not in ids.spellings("1234")
    ids.issued("4d2")
    assert "4d2" not in ids.spellings("1234"), "even if somebody's message is called so"


def test_receipts_that_speak_against_a_habit_undo_it() -> None:
    ids = _learned(ReceiptIds(ReceiptIdForm.AUTO), *SAME)
    for issued, receipt in DECIMAL[:4]:
        ids.issued(issued)
        ids.spellings(receipt)
    assert ids.spellings(DECIMAL[0][1]) == (DECIMAL[0][0],)


def test_what_can_be_read_in_two_ways_teaches_nothing() -> None:
    ids = ReceiptIds(ReceiptIdForm.AUTO)
    ids.issued("100")
    ids.issued("64")
    for _ in range(5):
        assert ids.spellings("100") == ("100", "64")


def test_habits_are_handed_on() -> None:
    learned = _learned(ReceiptIds(ReceiptIdForm.AUTO), *((one.zfill(12), two) for one, two in DECIMAL[:3]))
    next_run = ReceiptIds(ReceiptIdForm.AUTO)
    next_run.recall(learned.habits)
    assert next_run.habits == learned.habits
    assert "0000000000ff" in next_run.spellings("255")
    assert "255" not in next_run.spellings("255")


def test_memory_is_bounded() -> None:
    ids = ReceiptIds(ReceiptIdForm.SAME)
    for number in range(20_001):
        ids.issued(f"x{number}")
    assert ids.spellings("X0") != ("x0",)
    assert ids.spellings("X1") == ("x1",)


@given(st.text(max_size=80), st.sampled_from(ReceiptIdForm))
def test_any_id_has_spellings(receipt_id: str, form: ReceiptIdForm) -> None:
    spellings = ReceiptIds(form).spellings(receipt_id)
    assert 1 <= len(spellings) <= 60
    assert len(set(spellings)) == len(spellings)


def _incoming(echoes: Echoes | None = None) -> Incoming:
    return Incoming(Codings(), ReceiptIds(ReceiptIdForm.SAME), echoes or Echoes(), Repeats(lambda: 0))


def _item(message: DeliverSm | DataSm, incoming: Incoming | None = None) -> Inbound | Receipt | Unparsed:
    return (incoming or _incoming()).item(Delivery(_HEADER, message, b"raw", Standing()))


def test_an_echoed_reference_names_the_attempt_of_that_recipient_only() -> None:
    echoes = Echoes()
    reference = Tlv.of_int(Tag.USER_MESSAGE_REFERENCE, echoes.remember("att_1", "+15550101"), 2)
    incoming = _incoming(echoes)

    ours = _item(DeliverSm(esm_class=4, source_addr="15550101", short_message=_TEXT, tlvs=(reference,)), incoming)
    other = _item(DeliverSm(esm_class=4, source_addr="15550102", short_message=_TEXT, tlvs=(reference,)), incoming)
    without_id = _item(DeliverSm(esm_class=4, source_addr="15550101", tlvs=(reference,)), incoming)

    assert isinstance(ours, Receipt)
    assert isinstance(other, Receipt)
    assert isinstance(without_id, Receipt)
    assert (ours.attempt, other.attempt, without_id.attempt) == ("att_1", None, "att_1")
    assert without_id.provider_ids == ()


def test_the_reference_of_an_attempt_is_the_same_in_every_process() -> None:
    assert reference_of("att_1") == 0x1F06


def test_a_receipt_that_refers_to_nothing_is_kept_raw() -> None:
    assert _item(DeliverSm(esm_class=4, short_message=b"nonsense")) == Unparsed(
        "A receipt without a message id", b"raw"
    )


def test_a_message_carries_its_addresses_text_and_octets() -> None:
    item = _item(
        DeliverSm(
            source_addr_ton=1,
            source_addr="15550101",
            destination_addr="55501",
            short_message=b"Hi",
            tlvs=_tlvs(b"mo1\0"),
        )
    )
    assert item == Inbound("+15550101", "55501", "Hi", provider_id="mo1", raw=b"raw")


def test_our_own_fault_keeps_the_octets_and_takes_the_message_off_the_centre() -> None:
    broken: Any = None
    item = Incoming(Codings(), broken, Echoes(), Repeats(lambda: 0)).item(
        Delivery(_HEADER, DeliverSm(esm_class=4, short_message=_TEXT), b"raw", Standing())
    )
    assert item == Unparsed("AttributeError while reading it", b"raw")


def test_what_was_kept_is_read_again_by_its_octets() -> None:
    incoming = _incoming()
    message = DeliverSm(source_addr_ton=1, source_addr="15550101", destination_addr="55501", short_message=b"Hi")
    raw = encode(message, 7)
    first, second = incoming.again(raw), incoming.again(raw)
    assert isinstance(first, Inbound)
    assert (first.sender, first.recipient, first.body, first.raw) == ("+15550101", "55501", "Hi", raw)
    assert first == second, "twice the same is known to be the same"
    assert incoming.again(raw[:-1]) == Unparsed(f"command_length {len(raw)} for {len(raw) - 1} octets", raw[:-1])
    enquiry = encode(EnquireLink(), 8)
    assert incoming.again(enquiry) == Unparsed("Neither a deliver_sm nor a data_sm", enquiry)


_TLV = st.builds(Tlv, st.sampled_from([*map(int, Tag), 0x1400]), st.binary(max_size=9))


@given(
    st.builds(
        DeliverSm,
        esm_class=st.integers(0, 255),
        data_coding=st.integers(0, 255),
        source_addr_ton=st.integers(0, 255),
        source_addr=st.text(st.characters(max_codepoint=255), max_size=20),
        short_message=st.binary(max_size=80),
        tlvs=st.lists(_TLV, max_size=6).map(tuple),
    )
)
def test_whatever_a_centre_sends_is_read_without_a_fault(message: DeliverSm) -> None:
    item = _item(message)
    assert not isinstance(item, Unparsed) or item.reason == "A receipt without a message id"
