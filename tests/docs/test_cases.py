"""docs/cases.md: every test it names is there, and every case has one for each channel, or says why not."""

import ast
import re
from functools import cache
from importlib import import_module

import pytest

from gateway.testing import ChannelContract
from tests.docs.pages import read, sections
from tests.support.sources import ROOT

CONTRACTS = {
    "sms_smpp": ("tests.testing.test_smpp_contract", "TestSmpp"),
    "sms_twilio": ("plugins.sms_twilio.tests.test_contract", "TestTwilio"),
    "email": ("plugins.email.tests.test_contract", "TestMailKeepsTheContract"),
    "simulator": ("plugins.simulator.tests.test_contract", "TestSimulator"),
    "http": ("plugins.http.tests.test_contract", "TestStandardWebhooks"),
}
CASES = sections(read("docs/cases.md"), 3)
_TEST = re.compile(r"`([\w/.]+)::(test_\w+)`")


@cache
def names_in(path: str) -> set[str]:
    """What a module defines."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}


@cache
def contract_of(channel: str) -> type[ChannelContract]:
    module, name = CONTRACTS[channel]
    found: type[ChannelContract] = getattr(import_module(module), name)
    return found


def lines(case: str) -> list[tuple[set[str], bool, list[tuple[str, str]]]]:
    """Of each line: which channels it speaks of, whether it says that the case is none of theirs, and its tests."""
    found = []
    for line in CASES[case].splitlines():
        if not line.startswith("- "):
            continue
        who, _, rest = line[2:].partition(": ")
        excused = who.startswith("Not ")
        names = set(who.removeprefix("Not ").split(", "))
        channels = set(CONTRACTS) if names == {"every channel"} else names
        assert channels <= set(CONTRACTS), f"{case}: {who} is no list of channels"
        found.append((channels, excused, _TEST.findall(rest)))
    return found


@pytest.mark.parametrize("case", CASES)
def test_each_channel_has_a_test_or_a_reason(case: str) -> None:
    told = lines(case)
    covered = {channel for channels, excused, tests in told for channel in channels if tests or excused}
    assert covered == set(CONTRACTS)
    for channels, excused, tests in told:
        assert tests or excused, f"{channels} has no test"


@pytest.mark.parametrize("case", CASES)
def test_each_test_exists_for_the_channels_it_is_named_for(case: str) -> None:
    for channels, excused, tests in lines(case):
        for place, name in tests:
            if place == "contract":
                absent = [one for one in channels if not excused and getattr(contract_of(one), name, None) is None]
                assert not absent, f"{name} is not among the checks of {absent}"
                assert hasattr(ChannelContract, name)
            else:
                assert name in names_in(place), f"{place} has no {name}"


def test_the_page_has_all_the_cases() -> None:
    assert len(CASES) >= 42
