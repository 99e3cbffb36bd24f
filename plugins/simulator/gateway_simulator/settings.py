"""The dials of the simulated network."""

from dataclasses import dataclass, fields

from gateway.sdk import setting


@dataclass(frozen=True, slots=True)
class Settings:
    """Seconds, and shares of 1. A network without faults unless they are asked for."""

    delay: float = setting(0.0, label="Delay", hint="Seconds until a receipt comes.", minimum=0)
    fail_rate: float = setting(0.0, label="Fail", hint="Share of messages that are not delivered.", minimum=0)
    double_rate: float = setting(0.0, label="Double", hint="Share of receipts that come twice.", minimum=0)
    reorder_rate: float = setting(0.0, label="Reorder", hint="Share of receipts overtaken by the next.", minimum=0)

    def __post_init__(self) -> None:
        """Refuse shares of more than all."""
        for field in fields(self):
            if field.name.endswith("_rate") and getattr(self, field.name) > 1:
                raise ValueError(f"{field.name} is a share: 1 is all of them")
