"""The repository's files, and what a Python file imports."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def find_files() -> tuple[Path, ...]:
    """Every file of ours, committed or about to be, relative to the root; nothing that git ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return tuple(sorted(Path(name) for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()))


def find_python(*folders: str) -> Iterator[Path]:
    """Our Python files in some folders (all of them unless named), relative to the root."""
    for path in find_files():
        if path.suffix == ".py" and (not folders or any(path.is_relative_to(folder) for folder in folders)):
            yield path


def parse(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))


def find_imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything a file imports, imports inside functions included.

    `from aiohttp import web` gives `aiohttp.web`; a relative import is told as it is written, with its dots.
    """
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def is_inside(name: str, *packages: str) -> bool:
    """Whether a dotted name is one of the packages or lies in one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)
