"""What a person sets for one SMPP gateway."""

from dataclasses import dataclass
from typing import Literal

from gateway.sdk import secret, setting


@dataclass(frozen=True, slots=True)
class Settings:
    """One account at one message centre. Times are seconds."""

    host: str = setting(label="Host")
    system_id: str = setting(label="System ID")
    password: str = secret("", label="Password")
    port: int = setting(2775, label="Port", minimum=1)
    system_type: str = setting("", label="System type", hint="Leave empty unless the provider names one.")
    bind: Literal["transceiver", "split"] = setting(
        "transceiver", label="Bind", hint="One bind for both directions, or a transmitter and a receiver."
    )
    tls: bool = setting(False, label="TLS")
    window: int = setting(10, label="Window", hint="Requests unanswered at once.", minimum=1)
    enquire_link: float = setting(30.0, label="Enquire link after", hint="Seconds of silence.", minimum=1)
    response_timeout: float = setting(30.0, label="Response timeout", hint="Seconds.", minimum=1)
    alphabet: Literal["gsm7", "latin1", "ascii"] = setting(
        "gsm7", label="Default alphabet", hint="What the centre means by data_coding 0."
    )
    long_messages: Literal["udh", "sar", "payload"] = setting(
        "udh", label="Long messages", hint="Header in the text, sar_* parameters, or message_payload."
    )
    receipt_id_form: Literal["auto", "same", "hex", "decimal"] = setting(
        "auto", label="Ids in receipts", hint="How receipts spell the id that the centre answered with."
    )
    binds: int = setting(1, label="Binds", hint="How many the account may hold at once.", minimum=1)
