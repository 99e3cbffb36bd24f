"""Twilio's prices: decimal texts, negative because they are charged."""

from decimal import Decimal, InvalidOperation


def micros(price: object) -> int | None:
    """What was charged, in millionths of its currency; None while Twilio doesn't know it."""
    try:
        amount = Decimal(str(price)) if price not in (None, "") else None
    except InvalidOperation:
        return None
    return None if amount is None or not amount.is_finite() else round(abs(amount) * 1_000_000)
