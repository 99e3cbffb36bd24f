"""What the centre delivers, translated for the core."""

from gateway.sdk import Inbound, Receipt, Unparsed
from gateway_sms_smpp.addresses import spelled
from gateway_sms_smpp.deliveries import Delivery
from gateway_sms_smpp.echoes import Echoes
from gateway_sms_smpp.long import piece
from gateway_sms_smpp.parameters import metadata_of
from gateway_sms_smpp.pdu import DataSm, DeliverSm, Header, PduError, Tag, decode, find
from gateway_sms_smpp.receipt_ids import ReceiptIds
from gateway_sms_smpp.receipts import Report, report_of
from gateway_sms_smpp.repeats import Repeats
from gateway_sms_smpp.text import Codings


class _Kept:
    """No connection: it came over one long ago."""

    ended_at: float | None = None

    def time(self) -> float:
        return 0.0


class Incoming:
    """Translates one account's deliveries. Never fails: what cannot be read is kept raw."""

    def __init__(self, codings: Codings, ids: ReceiptIds, echoes: Echoes, repeats: Repeats) -> None:
        self._codings = codings
        self._ids = ids
        self._echoes = echoes
        self._repeats = repeats

    def item(self, delivery: Delivery) -> Inbound | Receipt | Unparsed:
        """The message, part of a message, or receipt in a delivery."""
        message = delivery.message
        if message is None:
            return Unparsed(delivery.problem, delivery.raw)
        try:
            return self._read(message, delivery)
        except Exception as error:  # noqa: BLE001 - our bug must not make the centre deliver the same PDU for ever
            return Unparsed(f"{type(error).__name__} while reading it", delivery.raw)

    def again(self, raw: bytes) -> Inbound | Receipt | Unparsed:
        """What a PDU says that was kept because nobody could read it. Its name, where it has none, is its content."""
        try:
            pdu = decode(raw)
        except PduError as error:
            return Unparsed(str(error), raw)
        if not isinstance(pdu.body, DeliverSm | DataSm):
            return Unparsed("Neither a deliver_sm nor a data_sm", raw)
        kept = Delivery(Header(pdu.command, pdu.status, pdu.sequence), pdu.body, raw, _Kept())
        return Incoming(self._codings, self._ids, self._echoes, Repeats(lambda: 0, "kept-")).item(kept)

    def stored(self, delivery: Delivery) -> None:
        """What `item` made of it is durable."""
        self._repeats.stored(delivery)

    def _read(self, message: DeliverSm | DataSm, delivery: Delivery) -> Inbound | Receipt | Unparsed:
        report = report_of(message, self._codings)
        if report is None:
            return self._inbound(message, delivery)
        return self._receipt(report, message, delivery.raw)

    def _inbound(self, message: DeliverSm | DataSm, delivery: Delivery) -> Inbound:
        text = piece(message, self._codings)
        identity = find(message.tlvs, Tag.RECEIPTED_MESSAGE_ID)
        return Inbound(
            sender=spelled(message.source_addr_ton, message.source_addr),
            recipient=spelled(message.dest_addr_ton, message.destination_addr),
            body=text.text,
            provider_id=(identity.text() if identity else "") or self._repeats.name(delivery),
            concat=text.concat,
            metadata=metadata_of(message.tlvs),
            raw=delivery.raw,
        )

    def _receipt(self, report: Report, message: DeliverSm | DataSm, raw: bytes) -> Receipt | Unparsed:
        attempt = None
        if report.reference is not None:
            attempt = self._echoes.attempt_of(report.reference, message.source_addr)
        if report.message_id is None and attempt is None:
            return Unparsed("A receipt without a message id", raw)
        ids = self._ids.spellings(report.message_id) if report.message_id is not None else ()
        # How a receipt is written is for machines: `raw` keeps it, and people are told the core's sentence.
        return Receipt(ids, report.state, attempt=attempt, code=report.code, raw=raw)
