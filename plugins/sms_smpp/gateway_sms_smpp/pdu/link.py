"""PDUs about the link itself and about a subscriber's reachability (SMPP 3.4, sections 4.3, 4.11 and 4.12)."""

from dataclasses import dataclass
from typing import ClassVar

from gateway_sms_smpp.pdu.body import RESPONSE, Body
from gateway_sms_smpp.pdu.fields import cstring, octet


class EnquireLink(Body):
    """enquire_link: are you still there?"""

    __slots__ = ()

    COMMAND: ClassVar[int] = 0x15


class EnquireLinkResp(Body):
    """enquire_link_resp."""

    __slots__ = ()

    COMMAND: ClassVar[int] = RESPONSE | 0x15


class GenericNack(Body):
    """generic_nack: the request could not even be read; its status says why."""

    __slots__ = ()

    COMMAND: ClassVar[int] = RESPONSE


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertNotification(Body):
    """alert_notification: a subscriber can be reached again. It has no response."""

    COMMAND: ClassVar[int] = 0x0102

    source_addr_ton: int = octet()
    source_addr_npi: int = octet()
    source_addr: str = cstring(65)
    esme_addr_ton: int = octet()
    esme_addr_npi: int = octet()
    esme_addr: str = cstring(65)
