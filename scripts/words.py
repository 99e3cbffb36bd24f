"""Brings the catalogs up to what templates, scripts and pages say. Run by `make words`.

English is what the code says; `gateway/web/locale/<code>/LC_MESSAGES/messages.po` holds what a translator made of it,
`locale` in the package of a plugin the same for the labels and hints of its forms.
New messages come in empty, those that nothing says any more go. `make words ARGS=sv` begins another language.
"""

import ast
import io
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from gateway.web.catalogs import read_catalog
from gateway.web.language import CATALOG, FOLDER

ROOT: Final = Path(__file__).resolve().parents[1]
WEB: Final = Path("gateway", "web")
KEYWORDS: Final = {"_": None, "gettext": None, "ngettext": (1, 2), "marked": None}
# As `gateway/web/pages/templates.py` sets the templates up; what can't be read is an error, not left out.
JINJA: Final = {
    "trimmed": "true",
    "newstyle_gettext": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
}
# Each kind of file, where it stands and how it is read.
SOURCES: Final[tuple[tuple[str, str, Mapping[str, str]], ...]] = (
    (f"{WEB}/**/*.py", "python", {}),
    (f"{WEB}/templates/**/*.html", "jinja2.ext:babel_extract", JINJA),
    (f"{WEB}/static/app.js", "javascript", {}),
    (f"{WEB}/static/js/**/*.js", "javascript", {}),
)


def extract(root: Path = ROOT) -> Catalog:
    """Every message, with the files that say it."""
    found = Catalog()
    for pattern, method, options in SOURCES:
        for path in sorted(root.glob(pattern)):
            for message in _messages_in(path, method, options):
                found.add(message, locations=[(path.relative_to(root).as_posix(), 0)])
    return found


def catalogs(root: Path = ROOT) -> Iterator[tuple[Path, Catalog]]:
    """Each folder of catalogs, with the messages that belong in them: ours, then those of the plugins beside us."""
    ours = extract(root)
    yield root / FOLDER.relative_to(ROOT), ours
    for package in sorted(root.glob("plugins/*/gateway_*")):
        found = Catalog()
        for path in sorted(package.rglob("*.py")):
            for message in _said_by_a_plugin(ast.parse(path.read_text("utf-8"))):
                if message not in ours:
                    found.add(message, locations=[(path.relative_to(root).as_posix(), 0)])
        if len(found):
            yield package / "locale", found


def _said_by_a_plugin(tree: ast.AST) -> Iterator[str]:
    """Labels and hints of its settings, channels, actions and pages, and sentences: what pages of ours say for it."""
    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg="label" | "hint", value=ast.Constant(value=str(text))) if text:
                yield text
            case ast.Call(func=ast.Name(id="Action" | "Condition" as name), args=given):
                for place in (1, 4) if name == "Action" else (1,):  # its label, and its sentence
                    if len(given) > place and isinstance(given[place], ast.Constant):
                        yield str(ast.literal_eval(given[place]))
            case ast.AnnAssign(target=ast.Name(id="label"), value=ast.Constant(value=str(text))):
                yield text
            case ast.AnnAssign(
                target=ast.Name(id=name), value=ast.Call(func=ast.Name(id="setting" | "secret"), keywords=given)
            ) if all(one.arg != "label" for one in given):
                yield name.strip("_").replace("_", " ").capitalize()
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "label" and isinstance(value, ast.Constant):
                        yield str(value.value)


def _messages_in(path: Path, method: str, options: Mapping[str, str]) -> Iterator[Any]:
    for _, message, _, _ in extract_from_file(method, path, keywords=KEYWORDS, options=dict(options)):
        if message:
            yield message


def update(text: bytes, code: str, messages: Catalog) -> bytes:
    """A catalog with exactly these messages, in the order of their words; translations that are there stay."""
    known = read_po(io.BytesIO(text), locale=code)
    fresh = Catalog(locale=code)
    for message in messages:
        if message.id:
            before = known.get(message.id)
            # What had one form and now has two is translated anew.
            same = before is not None and before.pluralizable == message.pluralizable
            kept = before.string if before is not None and same else None
            fresh.add(message.id, kept, locations=sorted(set(message.locations)))
    out = io.BytesIO()
    write_po(out, fresh, width=0, omit_header=True, sort_output=True, include_lineno=False)
    return _header(fresh).encode() + out.getvalue()


def _header(catalog: Catalog) -> str:
    """No times and no names: the same messages are the same file."""
    return (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {catalog.locale_identifier}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
    )


def untranslated(catalog: Catalog) -> list[str]:
    """Messages without words, or without words for some form of the plural."""
    found: list[str] = []
    for message in catalog:
        words = [message.string] if isinstance(message.string, str) else list(message.string or [""])
        if message.id and not all(words):
            found.append(message.id if isinstance(message.id, str) else message.id[0])
    return found


def main(codes: list[str]) -> None:
    """Updates every catalog, and begins those of languages that have none."""
    there = {path.parent.parent.name for path in FOLDER.glob(f"*/{CATALOG}")}
    for folder, messages in catalogs():
        for code in sorted(there | set(codes)):
            path = folder / code / CATALOG
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(update(path.read_bytes() if path.exists() else b"", code, messages))
            missing = untranslated(read_catalog(path, code))
            where = folder.parent.name
            print(f"{code}, {where}: {len(messages)} messages, {len(missing)} to translate", *missing, sep="\n  ")


if __name__ == "__main__":
    main(sys.argv[1:])
