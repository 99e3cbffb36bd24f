"""What is said after one verb on many."""

import pytest

from gateway.web.language import ENGLISH
from gateway.web.pages.bulk_pages import Result, said

WHY = "Ana Reyes has this conversation already."


@pytest.mark.parametrize(
    ("results", "quiet", "sentence"),
    [
        pytest.param([Result(1)], False, "1 conversation archived", id="one"),
        pytest.param([Result(1), Result(2)], False, "2 conversations archived", id="all"),
        pytest.param([Result(1), Result(2)], True, "", id="all, and the page has said so"),
        pytest.param(
            [Result(1), Result(2, WHY), Result(3)],
            False,
            f"2 conversations archived. 1 conversation stays as it is: {WHY}",
            id="some",
        ),
        pytest.param([Result(2, WHY)], False, f"1 conversation stays as it is: {WHY}", id="none"),
        pytest.param([Result(1), Result(2, WHY)], True, f"1 conversation stays as it is: {WHY}", id="told once"),
    ],
)
def test_what_was_done_and_what_was_not(results: list[Result], quiet: bool, sentence: str) -> None:
    assert said(ENGLISH, "archive", results, quiet=quiet) == sentence
