"""What no file of the repository may say."""

import re
from pathlib import Path

import pytest

from tests.support.sources import ROOT, find_files

HERE = Path("tests", "architecture", "test_wording.py")
FOREIGN = ("gateway/web/static/vendor", "gateway/web/static/fonts")
UNDONE = r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError|\bfor now\b"
SKIPPED = r"pytest\.mark\.(skip|skipif|xfail)\b|pytest\.(skip|xfail|importorskip)\(|unittest\.skip"
REGISTRIES = (
    r"pypi\.org|pythonhosted\.org|npmjs\.(org|com)|yarnpkg\.com"
    r"|index-url *[= ] *\S*:|find-links|registry *= *[\"']?http"
)
MACHINES = r"(^|[^\w.])/(root|farm|work/(?:main|shared)|home/\w+|tmp/\w+|Users/\w+)/"


def find_lines(pattern: str, *, suffixes: tuple[str, ...] = ()) -> list[str]:
    found = []
    for path in find_files():
        if path == HERE or any(path.is_relative_to(folder) for folder in FOREIGN):
            continue
        if suffixes and path.suffix not in suffixes:
            continue
        try:
            text = (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a font
        found += [
            f"{path}:{n}: {line[:120]}" for n, line in enumerate(text.splitlines(), 1) if re.search(pattern, line)
        ]
    return found


@pytest.mark.parametrize(
    ("pattern", "suffixes"),
    [
        pytest.param(UNDONE, (".py", ".js", ".css", ".html", ".toml", ".md", ""), id="left undone"),
        pytest.param(SKIPPED, (".py",), id="skipped"),
        pytest.param(REGISTRIES, (), id="where packages come from"),
        pytest.param(MACHINES, (), id="a folder of one machine"),
    ],
)
def test_nothing_says(pattern: str, suffixes: tuple[str, ...]) -> None:
    assert find_lines(pattern, suffixes=suffixes) == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (UNDONE, "# TODO: later"),
        (UNDONE, "raise NotImplementedError"),
        (SKIPPED, "@pytest.mark.skipif(True, reason='')"),
        (SKIPPED, "    pytest.skip('no server')"),
        (REGISTRIES, '"resolved": "https://registry' + ".npm" + 'js.org/smpp/-/smpp-0.5.1.tgz"'),
        (REGISTRIES, "--index-url https://packages.example/simple"),
        (MACHINES, "data = '/home/someone/data'"),
    ],
)
def test_the_patterns_see(pattern: str, line: str) -> None:
    assert re.search(pattern, line)
