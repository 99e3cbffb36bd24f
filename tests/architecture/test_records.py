"""What never changes is a record, which costs a thirtieth of a frozen dataclass when the program starts."""

import ast
from pathlib import Path

from tests.support.sources import find_python, parse

# What a record can't do: keep what it worked out, be ordered, compare some of its fields, take one by its name alone.
DATACLASSES = {"Condition", "CreateGateway", "Filters", "Language"}
FROM_ELSEWHERE = (Path("gateway/app/template"), Path("gateway/testing"))  # as plugins and their tests are written


def frozen_dataclasses() -> set[str]:
    return {
        node.name
        for path in find_python()
        if path.is_relative_to("gateway") and not any(path.is_relative_to(folder) for folder in FROM_ELSEWHERE)
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ClassDef)
        and any("dataclass(" in (words := ast.unparse(one)) and "frozen=True" in words for one in node.decorator_list)
    }


def test_frozen_dataclasses_are_the_few_that_can_be_no_records() -> None:
    assert frozen_dataclasses() == DATACLASSES
