"""Settings in and out: strict on the way in, sealed in the database, without secrets on the way out."""

import json
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from cryptography.fernet import Fernet

from gateway.core.errors import Reason, Refused
from gateway.host.secrets import KEY_FILE, SecretBox, SecretsUnreadable, load_secret_box
from gateway.host.settings import open_settings, redact_settings, rotate_settings, seal_settings, secret_values
from gateway.host.settings_form import describe
from gateway.sdk import secret, setting
from tests.host.parts import KEY


@dataclass(frozen=True, slots=True)
class Account:
    host: str = setting(label="Host name", hint="Where.")
    token: str = secret(label="Token")
    port: int = setting(2775, minimum=1)
    mode: Literal["one", "two"] = setting("one")
    spare: str | None = secret(None)
    rate: float = setting(1.0, minimum=0.5)
    on: bool = setting(True)

    def __post_init__(self) -> None:
        if self.host == "nowhere":
            raise ValueError("there is nothing at nowhere")


BOX = SecretBox([KEY])
GOOD = {"host": "centre.example", "token": "hush-hush"}


def test_what_goes_in_comes_out_for_the_channel_and_sealed_for_the_database() -> None:
    stored = seal_settings(Account, {**GOOD, "port": 99}, BOX)
    assert "hush-hush" not in json.dumps(stored)
    assert open_settings(Account, stored, BOX) == Account("centre.example", "hush-hush", 99)
    assert redact_settings(Account, stored) == {
        "host": "centre.example", "port": 99, "mode": "one", "rate": 1.0, "on": True,
    }  # fmt: skip
    assert secret_values(open_settings(Account, stored, BOX)) == ("hush-hush",)


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({}, ["host", "token"]),
        ({"host": "a"}, ["token"]),
        ({**GOOD, "port": "2775"}, ["port"]),
        ({**GOOD, "port": 0}, ["port"]),
        ({**GOOD, "port": 1.5}, ["port"]),
        ({**GOOD, "mode": "three"}, ["mode"]),
        ({**GOOD, "rate": 0.1}, ["rate"]),
        ({**GOOD, "rate": float("nan")}, ["rate"]),
        ({**GOOD, "on": "yes"}, ["on"]),
        ({**GOOD, "prt": 5}, ["prt"]),
        ({"host": 5, "token": 5, "nonsense": 1}, ["nonsense", "host", "token"]),
        ({**GOOD, "token": {"sealed": "forged"}}, ["token"]),
    ],
)
def test_every_wrong_field_is_told_at_once(given: dict[str, Any], fields: list[str]) -> None:
    with pytest.raises(Refused) as caught:
        seal_settings(Account, given, BOX)
    assert caught.value.reason is Reason.INVALID
    assert [error.field for error in caught.value.errors] == [f"settings.{field}" for field in fields]
    assert all(error.message.endswith((".", "?")) for error in caught.value.errors)


def test_what_the_class_itself_refuses_is_a_sentence() -> None:
    with pytest.raises(Refused) as caught:
        seal_settings(Account, {**GOOD, "host": "nowhere"}, BOX)
    assert caught.value.errors[0].message == "there is nothing at nowhere."


def test_a_misspelt_setting_is_answered_with_the_nearest() -> None:
    with pytest.raises(Refused) as caught:
        seal_settings(Account, {**GOOD, "prot": 5}, BOX)
    assert "Did you mean port?" in caught.value.errors[0].message


def test_a_secret_left_out_stays_and_one_given_replaces() -> None:
    stored = seal_settings(Account, GOOD, BOX)
    kept = seal_settings(Account, {"host": "other.example"}, BOX, stored)
    assert kept["token"] == stored["token"]
    assert open_settings(Account, kept, BOX) == Account("other.example", "hush-hush")
    changed = seal_settings(Account, {"host": "other.example", "token": "new"}, BOX, stored)
    assert open_settings(Account, changed, BOX).token == "new"


def test_keys_are_changed_without_losing_a_secret() -> None:
    newer = Fernet.generate_key().decode()
    stored = seal_settings(Account, GOOD, BOX)
    rotated = rotate_settings(stored, SecretBox([newer, KEY]))
    assert open_settings(Account, rotated, SecretBox([newer])).token == "hush-hush"
    with pytest.raises(SecretsUnreadable, match="ONETHREAD_SECRET_KEY"):
        open_settings(Account, rotated, BOX)


def test_a_plugin_that_dropped_a_setting_still_opens_what_was_stored() -> None:
    stored = {**seal_settings(Account, GOOD, BOX), "gone": 5}
    assert open_settings(Account, stored, BOX).host == "centre.example"


def test_the_form() -> None:
    form = {field.name: field for field in describe(Account)}
    assert (form["host"].label, form["host"].hint, form["host"].type, form["host"].required) == (
        "Host name", "Where.", "text", True,
    )  # fmt: skip
    assert (form["token"].type, form["token"].secret, form["token"].default) == ("secret", True, None)
    assert (form["port"].type, form["port"].default, form["port"].minimum) == ("integer", 2775, 1)
    assert form["mode"].choices == ("one", "two")
    assert (form["spare"].nullable, form["spare"].type) == (True, "secret")
    assert [form[name].type for name in ("rate", "on")] == ["number", "boolean"]


def test_the_key_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    sealed = load_secret_box(tmp_path / "data", None).seal("hush")
    path = tmp_path / "data" / KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_secret_box(tmp_path / "data", None).open(sealed) == "hush"
    assert [one.name for one in path.parent.iterdir()] == [KEY_FILE]


@pytest.mark.parametrize("configured", ["password", "0" * 40, ","])
def test_a_bad_key_is_told_with_what_would_be_good(tmp_path: Path, configured: str) -> None:
    with pytest.raises(ValueError, match="key"):
        load_secret_box(tmp_path, configured)


def test_several_keys_are_separated_by_commas(tmp_path: Path) -> None:
    newer = Fernet.generate_key().decode()
    box = load_secret_box(tmp_path, f"{newer}, {KEY}")
    assert box.open(BOX.seal("hush")) == "hush"
    assert SecretBox([newer]).open(box.seal("hush")) == "hush"
