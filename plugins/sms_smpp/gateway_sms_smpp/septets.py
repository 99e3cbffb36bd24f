"""Eight septets in seven octets (3GPP TS 23.038, section 6.1.2), after a header that ends in the middle of a septet."""

_CR = 0x0D


def pack(septets: bytes, header: int = 0) -> bytes:
    """Octets of septets, the first in the lowest bits; zero bits lead up to a whole septet after `header` octets.

    Seven bits left over would read as one more character, "@": they hold a carriage return (section 6.1.2.3.1).
    """
    shift = _fill(header)
    if (shift + 7 * len(septets)) % 8 == 1:
        septets += bytes((_CR,))
    bits = 0
    for septet in reversed(septets):
        bits = bits << 7 | septet
    return (bits << shift).to_bytes((shift + 7 * len(septets) + 7) // 8, "little")


def unpack(octets: bytes, header: int = 0) -> bytes:
    """The septets in octets that stand after `header` octets, without what fills the last octet.

    Nobody can tell "@" or a carriage return that ends a text just there from fill: it counts as fill.
    """
    shift = _fill(header)
    count = max(0, len(octets) * 8 - shift) // 7
    bits = int.from_bytes(octets, "little") >> shift
    septets = bytes(bits >> 7 * place & 0x7F for place in range(count))
    filled = (shift + 7 * count) % 8 == 0 and septets[-1:] in (b"\0", bytes((_CR,)))
    return septets[:-1] if filled else septets


def _fill(header: int) -> int:
    return -header * 8 % 7
