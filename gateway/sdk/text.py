"""Text tools of the field that channels share: GSM-7, UCS-2, segments, headers, receipt ids."""

from gateway.domain.consent_words import ConsentWord
from gateway.domain.encoding import (
    Encoding,
    encoding_of,
    gsm7_decode,
    gsm7_encode,
    ucs2_decode,
    ucs2_encode,
    units,
)
from gateway.domain.joining import Concat
from gateway.domain.mailbox import canonical_mailbox
from gateway.domain.segments import Segmentation, parse_udh, split, udh
from gateway.domain.sender import Capabilities, SenderKind
from gateway.domain.status import Status

__all__ = [
    "Capabilities",
    "Concat",
    "ConsentWord",
    "Encoding",
    "Segmentation",
    "SenderKind",
    "Status",
    "canonical_mailbox",
    "encoding_of",
    "gsm7_decode",
    "gsm7_encode",
    "parse_udh",
    "split",
    "ucs2_decode",
    "ucs2_encode",
    "udh",
    "units",
]
