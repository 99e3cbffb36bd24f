"""Log lines: whatever is put into one, nobody's number, address, words or secrets come out."""

import json
from typing import Any

import pytest
import structlog

from gateway.host.logs import redact
from gateway.sdk.errors import SendError, SendErrorKind

NUMBERS = ("+14155550148", "14155550148", "+1 415 555 0148", "+1 (415) 555-0148", "(0171) 555 01 48")


def line_of(**fields: Any) -> str:
    line = {"event": "something", "level": "error", "timestamp": "2026-11-30T12:00:00Z", **fields}
    return json.dumps(redact(None, "error", structlog.processors.format_exc_info(None, "error", line)))


@pytest.mark.parametrize("said", [*NUMBERS, "maya.lopez@customer.example"])
def test_an_exception_that_quotes_a_contact_names_nobody(said: str) -> None:
    """As the line of a table that is refused, a provider's sentence, or a request that failed."""
    for sentence in (
        f"Line 7: “{said}” is no number.",
        f"{said}: unknown subscriber",
        f"GET https://api.example/?to={said}",
    ):
        error = SendError(SendErrorKind.REJECTED, sentence)
        for field in ({"exc_info": error}, {"error": str(error)}, {"why": repr(error)}):
            assert said not in line_of(**field), field


def test_words_and_secrets_are_hidden_by_their_name() -> None:
    line = line_of(body="Where is my parcel?", token="oth_secret", settings={"password": "x"}, seconds=7)
    assert "parcel" not in line
    assert "oth_secret" not in line
    assert json.loads(line)["seconds"] == 7
