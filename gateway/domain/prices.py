"""Price tables: what a message costs, by channel, destination and number of segments.

    {"currency": "USD", "sms": "0.0079", "mms": "0.02", "to": {"+44": {"sms": "0.04"}, "+4477": {"sms": "0.05"}}}

An amount is for one segment of an SMS, and for one message of every other channel. Of the destinations the longest
prefix that names the channel counts; without one the plain amount does. Money is micro-units of its currency.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from gateway.domain.record import record

CHANNELS = ("sms", "mms", "whatsapp", "email")
CURRENCY, DESTINATIONS = "currency", "to"
MOST_DESTINATIONS = 2_000
UNNAMED = "USD"  # a table without a currency

_AMOUNT = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")
_CURRENCY = re.compile(r"[A-Z]{3}|credits")
_PREFIX = re.compile(r"\+[1-9][0-9]{0,14}")
_LONGEST_PREFIX = 15

Prices = Mapping[str, Any]
"""A table as it is stored: amounts as decimal text."""


@record
class Price:
    """Money in micro-units of a currency, or of credits."""

    micros: int
    currency: str

    @property
    def text(self) -> str:
        """`0.0158 USD`."""
        return f"{Decimal(self.micros).scaleb(-6).normalize():f} {self.currency}"


class PriceError(ValueError):
    """A table that can't be used: where (`to.+44.sms`), and what is wrong there."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


def parse_prices(given: Mapping[str, Any]) -> dict[str, Any]:
    """A table as it is stored, amounts as exact decimals. Raises PriceError for the first thing that is none."""
    parsed: dict[str, Any] = {}
    for name, value in given.items():
        if name == CURRENCY:
            parsed[name] = _currency(value)
        elif name == DESTINATIONS:
            parsed[name] = _destinations(value)
        else:
            parsed[name] = _amount(name, name, value)
    return parsed


def price_of(tables: Sequence[Prices], channel: str, to: str, segments: int) -> Price | None:
    """What a message to a canonical address costs by the first table that knows; None when none of them does."""
    for table in tables:
        amount = _find(table, channel, to)
        if amount is not None:
            micros = int(Decimal(amount).scaleb(6)) * (segments if channel == "sms" else 1)
            return Price(micros, table.get(CURRENCY, UNNAMED))
    return None


def _find(table: Prices, channel: str, to: str) -> str | None:
    destinations = table.get(DESTINATIONS)
    if destinations and to.startswith("+"):
        for length in range(min(len(to), _LONGEST_PREFIX + 1), 1, -1):
            amount: str | None = destinations.get(to[:length], {}).get(channel)
            if amount is not None:
                return amount
    return table.get(channel)


def _currency(value: Any) -> str:
    if not isinstance(value, str) or not _CURRENCY.fullmatch(value):
        raise PriceError(CURRENCY, "A currency is three capital letters such as USD, or credits.")
    return value


def _destinations(value: Any) -> dict[str, dict[str, str]]:
    if not isinstance(value, Mapping) or len(value) > MOST_DESTINATIONS:
        message = f"Destinations are prefixes with their amounts, at most {MOST_DESTINATIONS:,} of them."
        raise PriceError(DESTINATIONS, message)
    parsed: dict[str, dict[str, str]] = {}
    for prefix, amounts in value.items():
        field = f"{DESTINATIONS}.{prefix}"
        if not isinstance(prefix, str) or not _PREFIX.fullmatch(prefix):
            raise PriceError(field, "A destination is the beginning of a number, such as +44 or +1415.")
        if not isinstance(amounts, Mapping) or not amounts:
            raise PriceError(field, 'A destination has amounts by channel, such as {"sms": "0.04"}.')
        parsed[prefix] = {name: _amount(f"{field}.{name}", name, amount) for name, amount in amounts.items()}
    return parsed


def _amount(field: str, channel: Any, value: Any) -> str:
    if channel not in CHANNELS:
        raise PriceError(field, f"Prices are given for {', '.join(CHANNELS)}, and a currency.")
    text = "" if isinstance(value, bool) or not isinstance(value, str | int | float) else _plain(value)
    if not _AMOUNT.fullmatch(text):
        raise PriceError(field, "A price is an amount of 0 or more with at most six decimals, such as 0.0075.")
    return text


def _plain(value: str | float) -> str:
    """A number as a person writes it: 0.00001 and not 1e-05."""
    return value if isinstance(value, str) else f"{Decimal(str(value)):f}"
