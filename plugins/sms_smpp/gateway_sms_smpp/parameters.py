"""Optional parameters that are not ours to understand: given by a person or a centre, and passed on as they are.

In a setting they are written `1400=1201159, 1401=0x00ff`: the tag in hexadecimal, then text, or octets in hexadecimal
after `0x`. In the metadata of a message they are `tlv_1400`, always octets in hexadecimal; those of the centre's answer
to it are `answer_tlv_1400`, so that a message that is sent again doesn't take them along.
"""

from collections.abc import Iterable, Mapping, Sequence

from gateway_sms_smpp.pdu import Tag, Tlv

_PREFIX = "tlv_"
ANSWER = "answer_tlv_"
_OCTETS = "0x"
# What a metadata value may hold, as the API takes it: 1,000 characters. Longer parameters are in the raw PDU alone.
_MOST_OCTETS = 500
_MOST_KEPT = 30
# What the plugin reads or writes by itself.
_OURS = frozenset(
    {
        Tag.RECEIPTED_MESSAGE_ID,
        Tag.USER_MESSAGE_REFERENCE,
        Tag.SAR_MSG_REF_NUM,
        Tag.SAR_TOTAL_SEGMENTS,
        Tag.SAR_SEGMENT_SEQNUM,
        Tag.MESSAGE_PAYLOAD,
    }
)


def parse(setting: str) -> tuple[Tlv, ...]:
    """The parameters of a setting, in order. ValueError, with a sentence, for what is none."""
    return tuple(_written(pair.strip()) for pair in setting.split(",") if pair.strip())


def of_metadata(metadata: Mapping[str, str]) -> tuple[Tlv, ...]:
    """The parameters that a message brings. ValueError, with a sentence, for what is none."""
    return tuple(
        Tlv(_tag(name.removeprefix(_PREFIX), name), _octets(value, name))
        for name, value in metadata.items()
        if name.startswith(_PREFIX)
    )


def metadata_of(tlvs: Iterable[Tlv], prefix: str = _PREFIX) -> dict[str, str]:
    """The parameters in a PDU that have no meaning for us, the first of each tag."""
    kept: dict[str, str] = {}
    for tlv in tlvs:
        if tlv.tag not in _OURS and len(tlv.value) <= _MOST_OCTETS and len(kept) < _MOST_KEPT:
            kept.setdefault(f"{prefix}{tlv.tag:04x}", tlv.value.hex())
    return kept


def merged(first: Sequence[Tlv], then: Sequence[Tlv]) -> tuple[Tlv, ...]:
    """Both, where `then` stands for what has the same tag in `first`."""
    tags = {tlv.tag for tlv in then}
    return (*(tlv for tlv in first if tlv.tag not in tags), *then)


def _written(pair: str) -> Tlv:
    tag, equals, value = (word.strip() for word in pair.partition("="))
    if not equals:
        raise ValueError(f"{pair!r} is no optional parameter: those look like 1400=text or 1400=0x00ff.")
    octets = _octets(value[len(_OCTETS) :], pair) if value.startswith(_OCTETS) else value.encode()
    return Tlv(_tag(tag, pair), octets)


def _tag(digits: str, where: str) -> int:
    try:
        tag = int(digits, 16)
    except ValueError:
        tag = -1
    if not 0 < tag <= 0xFFFF:
        raise ValueError(f"The tag in {where!r} is not one to four hexadecimal digits.")
    if tag in _OURS:
        raise ValueError(f"Parameter {tag:04x} is written by the gateway itself.")
    return tag


def _octets(digits: str, where: str) -> bytes:
    try:
        return bytes.fromhex(digits)
    except ValueError:
        raise ValueError(f"The value in {where!r} is not octets in hexadecimal digits.") from None
