"""What a person sets for one SMPP gateway."""

from dataclasses import dataclass
from typing import Literal

from gateway.sdk import secret, setting
from gateway_sms_smpp import parameters
from gateway_sms_smpp.addresses import Numbering
from gateway_sms_smpp.long import LongMessages
from gateway_sms_smpp.outgoing import Style
from gateway_sms_smpp.text import Alphabet, Codings
from gateway_sms_smpp.times import Validity

_PREFIXES = {"none": "", "plus": "+", "00": "00"}


@dataclass(frozen=True, slots=True)
class Settings:
    """One account at one message centre. Times are seconds. ValueError, with a sentence, for what can't work."""

    host: str = setting(label="Host")
    system_id: str = setting(label="System ID")
    password: str = secret("", label="Password")
    port: int = setting(2775, label="Port", minimum=1)
    system_type: str = setting("", label="System type", hint="Leave empty unless the provider names one.")
    bind: Literal["transceiver", "split"] = setting(
        "transceiver", label="Bind", hint="One bind for both directions, or a transmitter and a receiver."
    )
    binds: int = setting(1, label="Binds", hint="How many the account may hold at once.", minimum=1)
    account: str = setting(
        "", label="Account", hint="The same name for gateways that bind to one account, so that they share receipts."
    )
    tls: bool = setting(False, label="TLS")
    window: int = setting(10, label="Window", hint="Requests unanswered at once.", minimum=1)
    enquire_link: float = setting(30.0, label="Enquire link after", hint="Seconds of silence.", minimum=1)
    response_timeout: float = setting(30.0, label="Response timeout", hint="Seconds.", minimum=1)
    alphabet: Literal["gsm7", "gsm7_packed", "latin1", "ascii"] = setting(
        "gsm7", label="Default alphabet", hint="What the centre means by its default data_coding."
    )
    data_coding_default: int = setting(0, label="data_coding of the default alphabet", minimum=0)
    data_coding_latin1: int = setting(3, label="data_coding of Latin-1", minimum=0)
    data_coding_ucs2: int = setting(8, label="data_coding of UCS-2", minimum=0)
    long_messages: Literal["udh", "sar", "payload"] = setting(
        "udh", label="Long messages", hint="Header in the text, sar_* parameters, or message_payload."
    )
    validity: Literal["absolute", "relative", "none"] = setting(
        "absolute", label="Validity period", hint="How the centre is told until when a message is worth delivering."
    )
    ton_npi: str = setting(
        "", label="TON and NPI", hint="Where they aren't the usual ones, such as: short_code=0/1 recipient=1/1"
    )
    number_prefix: Literal["none", "plus", "00"] = setting(
        "none", label="International numbers begin with", hint="What stands before the country code."
    )
    service_type: str = setting("", label="Service type", hint="Leave empty unless the provider names one.")
    tlvs: str = setting(
        "", label="Optional parameters", hint="Sent with each message, such as: 1400=1201159, 1401=0x00ff"
    )
    receipt_id_form: Literal["auto", "same", "hex", "decimal"] = setting(
        "auto", label="Ids in receipts", hint="How receipts spell the id that the centre answered with."
    )

    def __post_init__(self) -> None:
        """Refuse what can't work."""
        if self.port > 65_535:
            raise ValueError(f"{self.port} is no port: those go up to 65535.")
        numbers = (self.data_coding_default, self.data_coding_latin1, self.data_coding_ucs2)
        if max(numbers) > 0xFF:
            raise ValueError(f"{max(numbers)} is no data_coding: those go up to 255.")
        if self.data_coding_ucs2 in numbers[:2]:
            raise ValueError("UCS-2 needs a data_coding of its own.")
        if len(self.service_type) > 5:
            raise ValueError("A service type has five characters at most.")
        _ = self.style

    @property
    def style(self) -> Style:
        """How the centre wants its messages."""
        return Style(
            codings=Codings(
                Alphabet(self.alphabet), self.data_coding_default, self.data_coding_latin1, self.data_coding_ucs2
            ),
            form=LongMessages(self.long_messages),
            numbering=Numbering.parse(self.ton_npi, _PREFIXES[self.number_prefix]),
            validity=Validity(self.validity),
            service_type=self.service_type,
            tlvs=parameters.parse(self.tlvs),
        )
