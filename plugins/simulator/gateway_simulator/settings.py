"""The dials of the simulated network."""

from dataclasses import dataclass, fields

from gateway.sdk import setting
from gateway.sdk.faults import Dials


@dataclass(frozen=True, slots=True)
class Settings:
    """Seconds, and shares of 1. A network without faults unless they are asked for."""

    delay: float = setting(0.0, label="Delay", hint="Seconds until a receipt comes.", minimum=0)
    fail_rate: float = setting(0.0, label="Fail", hint="Share of messages that are not delivered.", minimum=0)
    double_rate: float = setting(0.0, label="Double", hint="Share of receipts and texts that come twice.", minimum=0)
    reorder_rate: float = setting(0.0, label="Reorder", hint="Share of receipts overtaken by the next.", minimum=0)
    lose_rate: float = setting(0.0, label="Lose", hint="Share of receipts that never come.", minimum=0)
    split_rate: float = setting(0.0, label="Split", hint="Share of long texts that come in parts.", minimum=0)
    throttle_rate: float = setting(0.0, label="Throttle", hint="Share of sends that are told to wait.", minimum=0)
    hang_rate: float = setting(0.0, label="Hang", hint="Share of sends that are taken, and never answered.", minimum=0)
    credits: int = setting(0, label="Credits", hint="What it begins with; each part costs one. 0: none.", minimum=0)

    def __post_init__(self) -> None:
        """Refuse shares of more than all."""
        for field in fields(self):
            if field.name.endswith("_rate") and getattr(self, field.name) > 1:
                raise ValueError(f"{field.name} is a share: 1 is all of them")

    @property
    def asked(self) -> Dials:
        """What the network does to what is sent."""
        return Dials(throttle=self.throttle_rate, hang=self.hang_rate)

    @property
    def told(self) -> Dials:
        """What the network does to receipts."""
        return Dials(double=self.double_rate, reorder=self.reorder_rate, lose=self.lose_rate)

    @property
    def texted(self) -> Dials:
        """What the network does to what phones send."""
        return Dials(double=self.double_rate, reorder=self.reorder_rate, split=self.split_rate)
