"""Files of one noun, functions that fit on a screen. The exceptions may only become fewer."""

import ast
from pathlib import Path

from tests.support.sources import ROOT, find_python, parse

FILE_LINES = 300
TEST_LINES = 450  # tables and stories of one noun stay together
FUNCTION_LINES = 60
MIGRATIONS = "gateway/storage/migrations"  # written once, read top to bottom, never changed

LONG_FILES: dict[str, int] = {}  # path: lines
LONG_FUNCTIONS: dict[str, int] = {}  # path::name: lines


def count_lines(path: Path) -> int:
    return len((ROOT / path).read_text(encoding="utf-8").splitlines())


def measure_functions(path: Path) -> dict[str, int]:
    return {
        f"{path}::{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def limit_of(path: str) -> int:
    return TEST_LINES if "tests" in Path(path).parts else FILE_LINES


def test_files_are_short() -> None:
    sizes = {str(path): count_lines(path) for path in find_python() if not path.is_relative_to(MIGRATIONS)}
    assert {path: lines for path, lines in sizes.items() if lines > limit_of(path)} == LONG_FILES


def test_functions_fit_on_a_screen() -> None:
    sizes = {
        name: lines
        for path in find_python()
        if not path.is_relative_to(MIGRATIONS)
        for name, lines in measure_functions(path).items()
    }
    assert {name: lines for name, lines in sizes.items() if lines > FUNCTION_LINES} == LONG_FUNCTIONS
