"""docs/policies.md names every policy and preset with the defaults and differences of the code."""

import inspect
import json
import re

import pytest

from gateway.domain import policy as policies
from gateway.domain.policy import Policy, dump_policy, parse_policy
from gateway.domain.presets import PRESET_DOCS, PRESETS
from tests.docs.pages import read, rows, sections, spans

PAGE = "docs/policies.md"
DEFAULTS = dump_policy(Policy())


def table(section: str) -> list[list[str]]:
    return list(rows(sections(read(PAGE), 2)[section]))[2:]


def written(value: object) -> str:
    """A default as the page writes it, without backticks."""
    if isinstance(value, list):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value)


def test_every_policy_in_order_with_its_default() -> None:
    shown = {row[1].strip("`"): row[3].replace("`", "") for row in table("Policies")}
    assert shown == {name: written(value) for name, value in DEFAULTS.items()}
    assert list(shown) == list(DEFAULTS)


def test_the_numbers_are_those_beside_the_fields() -> None:
    source = inspect.getsource(Policy)
    said = dict(re.findall(r"^    (\w+): .*# (P\d)\b", source, re.MULTILINE))
    assert {row[1].strip("`"): row[0] for row in table("Policies") if row[0]} == said


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_word_it_names_can_be_set_and_no_other_is_there(name: str) -> None:
    [row] = [row for row in table("Policies") if row[1] == f"`{name}`"]
    words = spans(row[2])
    kinds = {
        "after_inbound": policies.AfterInbound,
        "after_outbound": policies.AfterOutbound,
        "complete_repeat": policies.CompleteRepeat,
        "visibility": policies.Visibility,
        "long_text": policies.LongText,
        "snooze_wake": policies.SnoozeWake,
        "reopen_owner": policies.ReopenOwner,
        "close_label": policies.CloseLabel,
    }
    if name in kinds:
        assert [word for word in words if "(" not in word] == list(kinds[name])
    for word in words:
        given = re.sub(r"\((days|units)\)", "(7)", word)
        value = given if name in kinds or name == "default_country" else None
        if name == "sender_chain":
            parse_policy({name: [given]})
        elif value is not None and value != "null":
            parse_policy({name: value})
        else:
            parse_policy({name: json.loads(word)})


@pytest.mark.parametrize("name", PRESETS)
def test_preset(name: str) -> None:
    [row] = [row for row in table("Presets") if row[0] == f"`{name}`"]
    differences = {key: value for key, value in dump_policy(PRESETS[name]).items() if value != DEFAULTS[key]}
    shown = dict(re.findall(r"`(\w+)`: `([^`]+)`", row[1]))
    assert shown == {key: written(value) for key, value in differences.items()}
    assert row[2] == PRESET_DOCS[name]


def test_no_other_preset() -> None:
    assert [row[0].strip("`") for row in table("Presets")] == list(PRESETS)
