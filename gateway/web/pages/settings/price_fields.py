"""A price table in a form: an amount for each channel, its currency, and destinations a line each."""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.domain.prices import CHANNELS, CURRENCY, DESTINATIONS
from gateway.web.language import marked
from gateway.web.pages.settings.fields import Field, Form

PREFIX = "prices."
_LABELS = {
    "sms": marked("A segment of SMS"),
    "mms": marked("An MMS"),
    "whatsapp": marked("A WhatsApp message"),
    "email": marked("An e-mail"),
}


def drawn(prices: Mapping[str, Any]) -> list[Field]:
    """The fields with what is stored."""
    amounts = [
        Field(f"{PREFIX}{channel}", _LABELS[channel], value=str(prices.get(channel, "")), placeholder="0.0079")
        for channel in CHANNELS
    ]
    currency = Field(
        f"{PREFIX}{CURRENCY}",
        marked("Currency"),
        value=str(prices.get(CURRENCY, "")),
        hint=marked("Three capital letters, or credits. Empty: USD."),
        placeholder="USD",
    )
    elsewhere = Field(
        f"{PREFIX}{DESTINATIONS}",
        marked("Other destinations"),
        "area",
        "\n".join(_line(prefix, amounts) for prefix, amounts in prices.get(DESTINATIONS, {}).items()),
        marked("The beginning of a number and its amounts, one a line: +44 sms 0.04 mms 0.10"),
        wide=True,
    )
    return [currency, *amounts, elsewhere]


def _line(prefix: str, amounts: Mapping[str, str]) -> str:
    return " ".join([prefix, *(f"{channel} {amount}" for channel, amount in amounts.items())])


def read(form: Form) -> dict[str, Any]:
    """The table as the API takes it; `domain/prices.py` says what is wrong with it."""
    found: dict[str, Any] = {}
    for name in (CURRENCY, *CHANNELS):
        if value := form.text(PREFIX + name):
            found[name] = value
    destinations: dict[str, dict[str, str]] = {}
    for line in form.text(PREFIX + DESTINATIONS).splitlines():
        words = line.split()
        if not words:
            continue
        if len(words) < 3 or len(words) % 2 == 0:
            form.faults.add(PREFIX + DESTINATIONS, f"“{line.strip()[:60]}” is not like: +44 sms 0.04")
            continue
        destinations.setdefault(words[0], {}).update(_amounts(words[1:]))
    if destinations:
        found[DESTINATIONS] = destinations
    return found


def _amounts(words: Sequence[str]) -> dict[str, str]:
    return dict(zip(words[::2], words[1::2], strict=True))
