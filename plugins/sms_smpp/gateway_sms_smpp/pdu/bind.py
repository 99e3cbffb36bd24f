"""Opening and closing a session (SMPP 3.4, section 4.1 and 4.2)."""

from dataclasses import dataclass
from typing import ClassVar

from gateway_sms_smpp.pdu.body import RESPONSE, Body
from gateway_sms_smpp.pdu.fields import cstring, octet
from gateway_sms_smpp.pdu.status import Status

# The specification allows 15 characters of system_id and 8 of password. Centres have handed out longer ones for years.
_CREDENTIAL = 65


@dataclass(frozen=True, slots=True, kw_only=True)
class Bind(Body):
    """The three bind requests share one layout."""

    system_id: str = cstring(_CREDENTIAL, Status.RINVSYSID)
    password: str = cstring(_CREDENTIAL, Status.RINVPASWD)
    system_type: str = cstring(13, Status.RINVSYSTYP)
    interface_version: int = octet(0x34)
    addr_ton: int = octet()
    addr_npi: int = octet()
    address_range: str = cstring(41)


class BindReceiver(Bind):
    """bind_receiver: deliver_sm only."""

    __slots__ = ()

    COMMAND: ClassVar[int] = 0x01


class BindTransmitter(Bind):
    """bind_transmitter: submit_sm only."""

    __slots__ = ()

    COMMAND: ClassVar[int] = 0x02


class BindTransceiver(Bind):
    """bind_transceiver: both."""

    __slots__ = ()

    COMMAND: ClassVar[int] = 0x09


@dataclass(frozen=True, slots=True, kw_only=True)
class BindResp(Body):
    """Answer to a bind; `system_id` is the centre's."""

    system_id: str = cstring(_CREDENTIAL)


class BindReceiverResp(BindResp):
    """bind_receiver_resp."""

    __slots__ = ()

    COMMAND: ClassVar[int] = RESPONSE | 0x01


class BindTransmitterResp(BindResp):
    """bind_transmitter_resp."""

    __slots__ = ()

    COMMAND: ClassVar[int] = RESPONSE | 0x02


class BindTransceiverResp(BindResp):
    """bind_transceiver_resp."""

    __slots__ = ()

    COMMAND: ClassVar[int] = RESPONSE | 0x09


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbind(Body):
    """outbind: a centre asks to be bound to."""

    COMMAND: ClassVar[int] = 0x0B

    system_id: str = cstring(_CREDENTIAL)
    password: str = cstring(_CREDENTIAL)


class Unbind(Body):
    """unbind: no more requests will come."""

    __slots__ = ()

    COMMAND: ClassVar[int] = 0x06


class UnbindResp(Body):
    """unbind_resp."""

    __slots__ = ()

    COMMAND: ClassVar[int] = RESPONSE | 0x06
