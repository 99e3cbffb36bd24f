"""docs/hooks.md says of every hook what the code says; its examples are plugins the host accepts."""

import ast
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import pytest

from gateway.host.manager import Plugins
from gateway.host.plugins import Plugin
from gateway.host.registry import build_registry
from gateway.sdk.hook_names import hook_names
from tests.docs.pages import blocks, read, sections
from tests.support.sources import parse

PAGE = "docs/hooks.md"
SPECS = Path("gateway", "sdk", "hookspecs.py")


def signature(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """The line a reader compares, in one spelling."""
    kind = "async def" if isinstance(function, ast.AsyncFunctionDef) else "def"
    returns = ast.unparse(function.returns) if function.returns else ""
    return f"{kind} {function.name}({ast.unparse(function.args)}) -> {returns}"


def functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def specified() -> dict[str, str]:
    """Every hook of the code with its signature, in order."""
    return {one.name: signature(one) for one in functions(parse(SPECS)) if one.name in hook_names()}


def documented() -> dict[str, str]:
    """Every hook of the page with its section, in order."""
    return sections(read(PAGE), 3)


def example(name: str) -> str:
    """The page's shared imports and one hook's example."""
    shared = blocks(read(PAGE).partition("\n### ")[0], "python")[0]
    return f"{shared.text}\n{blocks(documented()[name], 'python')[1].text}"


def test_every_hook_is_documented_and_no_other_in_the_order_of_the_code() -> None:
    assert list(documented()) == list(hook_names())


@pytest.mark.parametrize("name", hook_names())
def test_signature(name: str) -> None:
    shown = blocks(documented()[name], "python")[0].text.strip()
    [function] = functions(ast.parse(f"{shown}: ..."))
    assert signature(function) == specified()[name]


@pytest.mark.parametrize("name", hook_names())
def test_it_is_said_when_a_hook_is_called(name: str) -> None:
    said = documented()[name].split("```")[2].strip()
    assert len(said.split()) >= 5


@pytest.mark.parametrize("name", hook_names())
def test_the_example_is_a_plugin(name: str) -> None:
    module = ModuleType(f"example_{name}")
    exec(compile(example(name), f"{PAGE}: {name}", "exec"), module.__dict__)
    plugins = Plugins([Plugin("shop", module)])
    assert [one.hook for one in plugins.implementing(name)] == [name]
    registry = build_registry(plugins)
    if name.startswith("register_"):
        brought = [kind.name for kind in fields(registry) if getattr(registry, kind.name)]
        assert len(brought) == 1, "an example shows its own hook and what it returns"
