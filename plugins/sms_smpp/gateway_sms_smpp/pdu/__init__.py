"""The SMPP 3.4 protocol data units as values, and their bytes. Pure: no socket, no clock."""

from gateway_sms_smpp.pdu.bind import (
    Bind,
    BindReceiver,
    BindReceiverResp,
    BindResp,
    BindTransceiver,
    BindTransceiverResp,
    BindTransmitter,
    BindTransmitterResp,
    Outbind,
    Unbind,
    UnbindResp,
)
from gateway_sms_smpp.pdu.body import Body, Unknown
from gateway_sms_smpp.pdu.codec import MAX_LENGTH, Framer, Header, Pdu, decode, encode, header_of
from gateway_sms_smpp.pdu.link import AlertNotification, EnquireLink, EnquireLinkResp, GenericNack
from gateway_sms_smpp.pdu.message import (
    DataSm,
    DataSmResp,
    DeliverSm,
    DeliverSmResp,
    ShortMessage,
    SubmitSm,
    SubmitSmResp,
)
from gateway_sms_smpp.pdu.query import QuerySm, QuerySmResp
from gateway_sms_smpp.pdu.status import PduError, Status
from gateway_sms_smpp.pdu.tlv import Tag, Tlv, find

__all__ = [
    "MAX_LENGTH",
    "AlertNotification",
    "Bind",
    "BindReceiver",
    "BindReceiverResp",
    "BindResp",
    "BindTransceiver",
    "BindTransceiverResp",
    "BindTransmitter",
    "BindTransmitterResp",
    "Body",
    "DataSm",
    "DataSmResp",
    "DeliverSm",
    "DeliverSmResp",
    "EnquireLink",
    "EnquireLinkResp",
    "Framer",
    "GenericNack",
    "Header",
    "Outbind",
    "Pdu",
    "PduError",
    "QuerySm",
    "QuerySmResp",
    "ShortMessage",
    "Status",
    "SubmitSm",
    "SubmitSmResp",
    "Tag",
    "Tlv",
    "Unbind",
    "UnbindResp",
    "Unknown",
    "decode",
    "encode",
    "find",
    "header_of",
]
