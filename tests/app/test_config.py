"""Where a setting comes from, and what is said about a wrong one."""

from pathlib import Path

import pytest

from gateway.config import ProcessRole, SettingsError, load_settings


def load(flags: dict[str, object] | None = None, variables: dict[str, str] | None = None, file: Path | None = None):  # type: ignore[no-untyped-def]
    return load_settings(flags or {}, variables or {}, file)


def test_with_nothing_set_it_is_sqlite_on_this_machine() -> None:
    settings = load()
    assert (settings.host, settings.port, settings.role) == ("127.0.0.1", 8080, ProcessRole.ALL)
    assert settings.database_url == f"sqlite:///{Path('data/gateway.db').absolute()}"
    assert settings.preset == "inbox-zero"


def test_flags_come_before_variables_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "gateway.toml"
    file.write_text('host = "10.0.0.1"\nport = 1\npreset = "chat"\nallow_hosts = ["10.0.0.2"]\n[limits]\njson = 2048\n')
    variables = {"ONETHREAD_PORT": "2", "ONETHREAD_PRESET": "crm", "ONETHREAD_ALLOW_HOSTS": "10.0.0.3, 10.0.0.4"}
    settings = load({"port": 3, "host": None}, variables, file)
    assert (settings.host, settings.port, settings.preset) == ("10.0.0.1", 3, "crm")
    assert settings.allow_hosts == ["10.0.0.3", "10.0.0.4"]
    assert settings.limits.json == 2048
    assert settings.limits.webhook == 256 * 1024


def test_the_file_can_be_named_by_a_variable(tmp_path: Path) -> None:
    file = tmp_path / "other.toml"
    file.write_text("port = 4\n")
    assert load({}, {"ONETHREAD_CONFIG": str(file)}).port == 4


@pytest.mark.parametrize(
    ("flags", "variables", "text", "says"),
    [
        ({"port": 70_000}, {}, "", "port"),
        ({}, {"ONETHREAD_PORT": "many"}, "", "ONETHREAD_PORT"),
        ({}, {"ONETHREAD_ROLE": "boss"}, "", "ONETHREAD_ROLE"),
        ({}, {}, 'port = "8080"', "gateway.toml: port"),
        ({}, {}, "colour = 1", "colour"),
        ({}, {}, "[limits]\njson = -x", "TOML"),
        ({}, {}, '[limits]\njson = "big"', "limits.json"),
        ({}, {}, "[limits]\ncolour = 1", "colour"),
        ({"preset": "none-such"}, {}, "", "inbox-zero"),
        ({"public_url": "desk.example"}, {}, "", "public_url"),
        ({"public_url": "https://desk.example/inbox"}, {}, "", "public_url"),
        ({}, {"ONETHREAD_API_RATE": "0"}, "", "ONETHREAD_API_RATE"),
    ],
)
def test_what_is_wrong_is_named(
    tmp_path: Path, flags: dict[str, object], variables: dict[str, str], text: str, says: str
) -> None:
    file = tmp_path / "gateway.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=says):
        load(flags, variables, file)
