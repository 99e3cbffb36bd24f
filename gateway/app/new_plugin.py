"""Writing a plugin's distribution to begin with: a channel, or what automations can do and ask, and tests that pass."""

import keyword
import re
from collections.abc import Collection
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

TEMPLATE = "gateway.app"
_FOLDER = "template"
_SHARED = "both"
KINDS = ("channel", "automation")
_ENDING = ".txt"  # so that no tool takes the templates for code
_NAME = re.compile(r"[a-z][a-z0-9_]{1,29}")


class PluginNotWritten(Exception):
    """Nothing was written. The text says why, and what would do."""


def write_plugin(
    name: str, into: Path, version: str, taken: Collection[str] = (), kind: Literal["channel", "automation"] = "channel"
) -> Path:
    """Writes `onethread-NAME` below `into`; its folder. Raises PluginNotWritten.

    `version` is ours, which the plugin will ask for at least; `taken` are names of plugins that are installed.
    """
    name = name.strip().lower().removeprefix("onethread-").replace("-", "_")
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise PluginNotWritten(
            "A plugin's name has 2 to 30 small letters, digits and underscores, and begins with a letter."
        )
    if name in taken:
        raise PluginNotWritten(f"A plugin {name} is installed already. Choose another name.")
    folder = into / f"onethread-{name.replace('_', '-')}"
    if folder.exists():
        raise PluginNotWritten(f"{folder} is there already. Choose another name, or another folder with --into.")
    words = {
        "name": name,
        "Name": "".join(word.capitalize() for word in name.split("_")),
        "label": name.replace("_", " ").capitalize(),
        "dashed": name.replace("_", "-"),
        "version": version,
    }
    try:
        for part in (_SHARED, kind):
            _write(files(TEMPLATE) / _FOLDER / part, folder, words)
    except OSError as error:
        raise PluginNotWritten(f"{folder} can't be written: {error.strerror}.") from error
    return folder


def _write(template: Traversable, target: Path, words: dict[str, str]) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for item in template.iterdir():
        if item.is_dir():
            inside = f"gateway_{words['name']}" if item.name == "package" else item.name
            _write(item, target / inside, words)
        elif item.name.endswith(_ENDING):
            text = item.read_text(encoding="utf-8")
            (target / item.name.removesuffix(_ENDING)).write_text(filled(text, words), encoding="utf-8")


def filled(text: str, words: dict[str, str]) -> str:
    """The template with each `{{word}}` replaced."""
    return re.sub(r"{{(\w+)}}", lambda found: words[found[1]], text)
