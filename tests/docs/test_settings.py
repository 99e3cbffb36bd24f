"""docs/settings.md names every flag, variable and key there is, with its default, and no other."""

from pathlib import Path

import click
import msgspec
import pytest

from gateway import cli
from gateway.config import PREFIX, Settings, load_settings
from gateway.web.state import Limits
from tests.docs.pages import blocks, read, rows, sections, spans

PAGE = "docs/settings.md"


def table(text: str, columns: int) -> dict[str, list[str]]:
    """The rows below the header and its rule, by the first cell without its backticks."""
    found = [row for row in rows(text) if len(row) == columns]
    return {row[0].strip("`"): [cell.strip("`") for cell in row[1:]] for row in found[2:]}


def settings_table() -> dict[str, list[str]]:
    return table(read(PAGE).partition("## Limits")[0], 5)


def limits_table() -> dict[str, list[str]]:
    return table(sections(read(PAGE), 2)["Limits"], 3)


def defaults(kind: type[msgspec.Struct]) -> dict[str, str]:
    """Every key with its default as the page writes it; empty for none."""
    written = {}
    for field in msgspec.structs.fields(kind):
        value = field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
        written[field.name] = "" if value is None or isinstance(value, Limits) else str(value)
    return written


def flags() -> dict[str, str]:
    """The flags of `gateway serve` by the key they set."""
    return {one.name: one.opts[0] for one in cli.serve.params if isinstance(one, click.Option) and one.name}


def test_every_key_in_order_with_its_default() -> None:
    assert {key: row[2] for key, row in settings_table().items()} == defaults(Settings)
    assert list(settings_table()) == list(Settings.__struct_fields__)


def test_every_limit_in_order_with_its_default() -> None:
    assert {key: row[0] for key, row in limits_table().items()} == defaults(Limits)
    assert list(limits_table()) == list(Limits.__struct_fields__)


def test_every_flag() -> None:
    shown = {key: row[0] for key, row in settings_table().items() if row[0]}
    assert {**shown, "config": "--config"} == flags()
    assert "--config" in spans(read(PAGE))


@pytest.mark.parametrize("key", [key for key in Settings.__struct_fields__ if key != "limits"])
def test_every_variable_is_read(key: str) -> None:
    variable = settings_table()[key][1]
    assert variable == PREFIX + key.upper()
    values = {
        "port": "9", "role": "web", "preset": "crm", "public_url": "https://x.example", "log_level": "error",
        "api_rate": "9",
    }  # fmt: skip
    changed = load_settings({}, {variable: values.get(key, "given")})
    assert getattr(changed, key) != getattr(Settings(), key)


def test_every_key_says_what_it_means() -> None:
    assert [key for key, row in {**settings_table(), **limits_table()}.items() if not row[-1]] == []


def test_the_example_is_a_file_that_works(tmp_path: Path) -> None:
    file = tmp_path / "gateway.toml"
    file.write_text(blocks(read(PAGE), "toml")[0].text)
    settings = load_settings({}, {}, file)
    assert (settings.host, settings.limits.upload) == ("0.0.0.0", 10 * 1024 * 1024)
