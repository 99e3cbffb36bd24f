"""What a message costs: whose table, which destination, how many segments; and tables that can't be used."""

from typing import Any

import pytest

from gateway.domain.prices import Price, PriceError, Prices, parse_prices, price_of

TABLE = parse_prices(
    {
        "currency": "USD",
        "sms": "0.0079",
        "mms": 0.02,
        "to": {"+44": {"sms": "0.04"}, "+4477": {"sms": "0.05", "mms": "0.1"}, "+1": {"mms": "0.015"}},
    }
)
GATEWAYS = parse_prices({"currency": "EUR", "sms": 1, "whatsapp": "0.005", "to": {"+44": {"email": 0}}})


@pytest.mark.parametrize(
    ("tables", "channel", "to", "segments", "cost"),
    [
        ([TABLE], "sms", "+14155550148", 1, Price(7_900, "USD")),
        ([TABLE], "sms", "+14155550148", 3, Price(23_700, "USD")),
        ([TABLE], "mms", "+14155550148", 1, Price(15_000, "USD")),
        ([TABLE], "sms", "+442079460123", 1, Price(40_000, "USD")),
        ([TABLE], "sms", "+447700900123", 2, Price(100_000, "USD")),
        ([TABLE], "mms", "+442079460123", 1, Price(20_000, "USD")),
        ([TABLE], "mms", "+447700900123", 1, Price(100_000, "USD")),
        ([TABLE], "sms", "12345", 1, Price(7_900, "USD")),
        ([TABLE], "whatsapp", "+14155550148", 1, None),
        ([TABLE, GATEWAYS], "whatsapp", "+14155550148", 9, Price(5_000, "EUR")),
        ([TABLE, GATEWAYS], "sms", "+14155550148", 1, Price(7_900, "USD")),
        ([{}, GATEWAYS], "sms", "+14155550148", 2, Price(2_000_000, "EUR")),
        ([{"sms": "0.000001"}], "sms", "+14155550148", 1, Price(1, "USD")),
        ([GATEWAYS], "email", "ann@company.example", 1, None),
        ([], "sms", "+14155550148", 1, None),
    ],
)
def test_the_longest_prefix_that_knows_the_channel_then_the_plain_amount_then_the_next_table(
    tables: list[Prices], channel: str, to: str, segments: int, cost: Price | None
) -> None:
    assert price_of(tables, channel, to, segments) == cost


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"sms": "-1"}, "sms"),
        ({"sms": "a lot"}, "sms"),
        ({"sms": True}, "sms"),
        ({"sms": float("nan")}, "sms"),
        ({"sms": float("inf")}, "sms"),
        ({"sms": "0.00000001"}, "sms"),
        ({"sms": "1e9"}, "sms"),
        ({"sms": None}, "sms"),
        ({"sms": 10_000_000}, "sms"),
        ({"fax": "1"}, "fax"),
        ({"currency": "dollars"}, "currency"),
        ({"currency": 1}, "currency"),
        ({"to": "+44"}, "to"),
        ({"to": {"44": {"sms": 1}}}, "to.44"),
        ({"to": {"+0": {"sms": 1}}}, "to.+0"),
        ({"to": {"+44": {}}}, "to.+44"),
        ({"to": {"+44": 1}}, "to.+44"),
        ({"to": {"+44": {"fax": 1}}}, "to.+44.fax"),
        ({"to": {"+44": {"sms": "x"}}}, "to.+44.sms"),
        ({"to": {f"+1{number}": {"sms": 1} for number in range(2_001)}}, "to"),
    ],
)
def test_a_table_that_is_none_says_where(given: dict[str, Any], field: str) -> None:
    with pytest.raises(PriceError) as error:
        parse_prices(given)
    assert error.value.field == field


@pytest.mark.parametrize("amount", ["0", "0.0079", "999999.999999", 0, 3, 0.00001])
def test_amounts_stay_exact(amount: str | float) -> None:
    parsed = parse_prices({"sms": amount, "currency": "credits"})
    assert parse_prices(parsed) == parsed
    assert price_of([parsed], "sms", "+14155550148", 1) == Price(round(float(amount) * 1_000_000), "credits")


def test_a_price_in_words() -> None:
    assert Price(15_800, "USD").text == "0.0158 USD"
    assert Price(2_000_000, "credits").text == "2 credits"
