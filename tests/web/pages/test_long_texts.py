"""A text that would bury its thread is shown in part, the rest when asked for; one of nothing says so."""

from dataclasses import replace

import pytest

from gateway.web.pages.templates import Templates
from tests.web.pages.sample import MAYA, message

LINE = message(5, MAYA, "")


@pytest.mark.parametrize(
    ("body", "beginning", "rest"),
    [
        ("", 0, 0),
        ("x" * 3000, 3000, 0),
        ("x" * 3001, 1500, 1501),
        ("word " * 1000, 1494, 3505),
        ("Hello " + "x" * 5000, 1500, 3506),
        ("\n" * 3001, 1500, 0),
    ],
    ids=["nothing", "long enough", "too long", "between words", "no words", "blank"],
)
def test_a_long_text_is_shown_in_part(body: str, beginning: int, rest: int) -> None:
    line = replace(LINE, body=body)
    assert (len(line.beginning), len(line.rest)) == (beginning, rest)
    assert "".join(f"{line.beginning}{line.rest}".split()) == "".join(body.split())


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("Hi", ">Hi</div>"),
        ("", ">No text</span>"),
        ("<b>" * 1100, '<summary class="link">1,800 more characters</summary>'),
    ],
)
def test_what_the_bubble_says(body: str, told: str) -> None:
    shown = Templates().render("partials/message_text.html", x=replace(LINE, body=body))
    assert told in shown
    assert "<b>" not in shown
