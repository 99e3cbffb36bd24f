"""Asking the centre what became of a message (SMPP 3.4, section 4.8)."""

from dataclasses import dataclass
from typing import ClassVar

from gateway_sms_smpp.pdu.body import RESPONSE, Body
from gateway_sms_smpp.pdu.fields import cstring, octet
from gateway_sms_smpp.pdu.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class QuerySm(Body):
    """query_sm: by the centre's id and the source address of the submit_sm."""

    COMMAND: ClassVar[int] = 0x03

    message_id: str = cstring(65, Status.RINVMSGID)
    source_addr_ton: int = octet()
    source_addr_npi: int = octet()
    source_addr: str = cstring(21, Status.RINVSRCADR)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuerySmResp(Body):
    """query_sm_resp: `final_date` is empty until the message has reached its last state."""

    COMMAND: ClassVar[int] = RESPONSE | 0x03

    message_id: str = cstring(65, Status.RINVMSGID)
    final_date: str = cstring(17)
    message_state: int = octet()
    error_code: int = octet()
