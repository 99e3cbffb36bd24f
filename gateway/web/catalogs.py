"""Catalogs of messages as translators keep them (`messages.po`), and the words that are read out of them."""

import io
from collections.abc import Mapping, Sequence
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Final, TypeAlias

import structlog
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from gateway.domain.record import record

_COUNTS: Final = (*range(200), 1_000_000)  # every form of every plural is among them
ScriptWords: TypeAlias = str | Mapping[str, str]

log = structlog.get_logger("gateway.web")


@record
class Words:
    """All of a language's; those of `script` are the ones our scripts ask for."""

    translations: NullTranslations
    script: Mapping[str, ScriptWords]


def read_catalog(path: Path, code: str) -> Catalog:
    """A catalog of messages. `babel.messages.pofile.PoFileError` for a file that is none."""
    with path.open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


def read_words(paths: Sequence[Path], locale: Locale) -> Words:
    """What the first catalog says, and where it says nothing the others; one of those that is none is left out."""
    first, *others = paths
    catalog = read_catalog(first, str(locale))
    translations = _compiled(catalog)
    for other in others:
        try:
            translations.add_fallback(_compiled(read_catalog(other, str(locale))))
        except PoFileError as error:
            log.error("catalog of a plugin left out", path=str(other), error=str(error))  # noqa: TRY400 - it says where
    return Words(translations, _of_scripts(catalog, translations, locale))


def _compiled(catalog: Catalog) -> GNUTranslations:
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _of_scripts(catalog: Catalog, translations: NullTranslations, locale: Locale) -> Mapping[str, ScriptWords]:
    """What scripts ask for. Of a message in the plural, the words for each of the plural's forms as CLDR names them."""
    forms = {locale.plural_form(count): count for count in _COUNTS}
    found: dict[str, ScriptWords] = {}
    for message in catalog:
        if not message.id or not any(str(name).endswith(".js") for name, _ in message.locations):
            continue
        if isinstance(message.id, str):
            found[message.id] = translations.gettext(message.id)
        else:
            one, many = message.id
            found[one] = {form: translations.ngettext(one, many, count) for form, count in forms.items()}
    return found
