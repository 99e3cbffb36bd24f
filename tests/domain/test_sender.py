"""Senders: what each kind can carry, alone and through a gateway."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.sender import SMS_KINDS, Capabilities, SenderKind, capabilities_of

capabilities = st.builds(
    Capabilities,
    *[st.booleans()] * 7,
    max_parts=st.integers(1, 255),
)


@pytest.mark.parametrize(
    ("kind", "mms_enabled", "carries", "reply"),
    [
        (SenderKind.LONG_CODE, False, "sms", True),
        (SenderKind.LONG_CODE, True, "sms mms", True),
        (SenderKind.TOLL_FREE, False, "sms", True),
        (SenderKind.TOLL_FREE, True, "sms mms", True),
        (SenderKind.SHORT_CODE, False, "sms", True),
        (SenderKind.SHORT_CODE, True, "sms mms", True),
        (SenderKind.ALPHANUMERIC, False, "sms", False),
        (SenderKind.ALPHANUMERIC, True, "sms", False),
        (SenderKind.WHATSAPP, False, "whatsapp", True),
        (SenderKind.WHATSAPP, True, "whatsapp", True),
        (SenderKind.EMAIL, False, "email", True),
        (SenderKind.EMAIL, True, "email", True),
    ],
)
def test_what_each_kind_can_do(kind: SenderKind, mms_enabled: bool, carries: str, reply: bool) -> None:
    can = capabilities_of(kind, mms_enabled=mms_enabled)
    assert {name for name in ("sms", "mms", "whatsapp", "email") if getattr(can, name)} == set(carries.split())
    assert can.outbound
    assert can.reply == can.inbound == reply
    assert can.sms == (kind in SMS_KINDS)
    assert can.media == (can.mms or can.whatsapp or can.email)


def test_a_gateway_takes_away_what_it_cannot_do() -> None:
    sender = capabilities_of(SenderKind.LONG_CODE, mms_enabled=True)
    bind = Capabilities(sms=True, max_parts=10)
    assert sender & bind == Capabilities(sms=True, max_parts=10)
    assert not (sender & bind).media


def test_what_only_receives_sends_no_media_and_gets_no_reply() -> None:
    listening = Capabilities(outbound=False, mms=True)
    assert not listening.media
    assert not listening.reply


@given(capabilities, capabilities, capabilities)
def test_order_of_sender_and_gateways_does_not_matter(a: Capabilities, b: Capabilities, c: Capabilities) -> None:
    assert a & b == b & a
    assert (a & b) & c == a & (b & c)
    assert a & a == a
    everything = Capabilities(sms=True, mms=True, whatsapp=True, email=True)
    assert a & everything == a


def test_at_least_one_part_must_fit() -> None:
    with pytest.raises(ValueError, match="at least one part"):
        Capabilities(max_parts=0)
