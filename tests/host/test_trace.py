"""The log of a gateway: what people may see of its wire."""

import pytest

from gateway.host.trace import GatewayTrace, Traces, mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("to +14155550148 done", "to +141…48 done"),
        ("0014155550148", "001…48"),
        ("maya.lopez@shop.example wrote", "ma…@shop.example wrote"),
        ("status 200 in 1234567 ms", "status 200 in 1234567 ms"),
        ("v12345678", "v12345678"),
        ("“+1 (415) 555-0148” is no number", "“+1…48” is no number"),
        ("“(0171) 555 01 48” needs a country", "“(0171)…48” needs a country"),
        ("+49.171.5550148", "+49…48"),
        ("GET /send?to=%2B14155550148&by=maya%40shop.example 400", "GET /send?to=%2B141…48&by=ma…%40shop.example 400"),
        ("at 2026-11-30 12:00:00 from 192.168.100.200 (7 ms)", "at 2026-11-30 12:00:00 from 192.168.100.200 (7 ms)"),
        ("+1 of 3 parts", "+1 of 3 parts"),
    ],
)
def test_numbers_and_addresses_are_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_bodies_and_secrets_never_show() -> None:
    trace = GatewayTrace(lambda: 5, ["hush-hush"])
    trace(
        "out",
        "POST https://api.example/hush-hush to +14155550148",
        {"body": "my words", "message_id": "12345678901", "to": "+14155550148", "token": "hush-hush"},
    )
    (line,) = trace.lines
    assert (line.at, line.direction) == (5, "out")
    assert line.summary == "POST https://api.example/[secret] to +141…48"
    assert line.detail == {
        "body": "(8 characters)", "message_id": "12345678901", "to": "+141…48", "token": "[secret]",
    }  # fmt: skip


def test_only_the_last_lines_are_kept() -> None:
    traces = Traces(lambda: 0)
    for number in range(1000):
        traces.of(1)("in", str(number))
    assert [line.summary for line in traces.of(1).lines] == [str(number) for number in range(800, 1000)]
    assert traces.of(2).lines == []


def test_secrets_of_new_settings_are_hidden_too() -> None:
    trace = GatewayTrace(lambda: 0, ["older"])
    trace.hide(["newer"])
    trace("in", "older newer")
    assert trace.lines[0].summary == "[secret] [secret]"
