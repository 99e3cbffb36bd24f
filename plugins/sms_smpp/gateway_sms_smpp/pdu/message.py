"""Messages and their answers (SMPP 3.4, sections 4.4, 4.6 and 4.7)."""

from dataclasses import dataclass
from typing import ClassVar

from gateway_sms_smpp.pdu.body import RESPONSE, Body
from gateway_sms_smpp.pdu.fields import counted, cstring, octet
from gateway_sms_smpp.pdu.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortMessage(Body):
    """submit_sm and deliver_sm share one layout. Times are the protocol's own strings, at most 16 characters."""

    service_type: str = cstring(6)
    source_addr_ton: int = octet()
    source_addr_npi: int = octet()
    source_addr: str = cstring(21, Status.RINVSRCADR)
    dest_addr_ton: int = octet()
    dest_addr_npi: int = octet()
    destination_addr: str = cstring(21, Status.RINVDSTADR)
    esm_class: int = octet()
    protocol_id: int = octet()
    priority_flag: int = octet()
    schedule_delivery_time: str = cstring(17, Status.RINVSCHED)
    validity_period: str = cstring(17, Status.RINVEXPIRY)
    registered_delivery: int = octet()
    replace_if_present_flag: int = octet()
    data_coding: int = octet()
    sm_default_msg_id: int = octet()
    short_message: bytes = counted()


class SubmitSm(ShortMessage):
    """submit_sm: ours to the centre (MT)."""

    __slots__ = ()

    COMMAND: ClassVar[int] = 0x04


class DeliverSm(ShortMessage):
    """deliver_sm: the centre's to us, a message (MO) or a receipt."""

    __slots__ = ()

    COMMAND: ClassVar[int] = 0x05


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSm(Body):
    """data_sm: a message whose text travels in message_payload, in either direction."""

    COMMAND: ClassVar[int] = 0x0103

    service_type: str = cstring(6)
    source_addr_ton: int = octet()
    source_addr_npi: int = octet()
    source_addr: str = cstring(65, Status.RINVSRCADR)
    dest_addr_ton: int = octet()
    dest_addr_npi: int = octet()
    destination_addr: str = cstring(65, Status.RINVDSTADR)
    esm_class: int = octet()
    registered_delivery: int = octet()
    data_coding: int = octet()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitSmResp(Body):
    """submit_sm_resp: the centre's id of the message."""

    COMMAND: ClassVar[int] = RESPONSE | 0x04

    message_id: str = cstring(65, Status.RINVMSGID)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverSmResp(Body):
    """deliver_sm_resp: `message_id` is unused and empty."""

    COMMAND: ClassVar[int] = RESPONSE | 0x05

    message_id: str = cstring(65, Status.RINVMSGID)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSmResp(Body):
    """data_sm_resp."""

    COMMAND: ClassVar[int] = RESPONSE | 0x0103

    message_id: str = cstring(65, Status.RINVMSGID)
