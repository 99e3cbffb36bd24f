"""In which language somebody reads: the words of a catalog, and dates and numbers as they are written there.

English is what the code says; `locale/<code>/LC_MESSAGES/messages.po` holds every other language. A catalog is read
as it is, when somebody first reads in its language (`gateway/web/catalogs.py`): nothing is compiled that could be older
than it is, and a start reads none. A plugin brings the words of its forms in a folder of its own, laid out the same
way: they are asked where ours say nothing.

In templates: `{{ _("Search") }}`, `{{ ngettext("%(num)s reply", "%(num)s replies", count) }}` and `{% trans %}`. In the
code of pages: `_ = desk.language.gettext` and `_("Search")`; what stands in a table of a module is `marked("Search")`
there, and looked up where it is shown.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from babel import Locale
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup

if TYPE_CHECKING:
    from gateway.web.catalogs import Words

FOLDER: Final = Path(__file__).resolve().parent / "locale"
CATALOG: Final = Path("LC_MESSAGES", "messages.po")
ORIGINAL: Final = "en"
# English as most of the world writes dates and hours; every other language as its name alone says.
_WRITTEN: Final = {ORIGINAL: "en_GB"}


def marked(text: str) -> str:
    """The same text, marked for the catalogs: for tables, which are made before anybody reads them."""
    return text


@dataclass(frozen=True)
class Language:
    """One language. `code` is what users choose and `<html lang>` says; `catalogs` are files, ours before others'."""

    code: str
    locale: Locale
    catalogs: tuple[Path, ...] = field(default=(), repr=False, compare=False)

    @cached_property
    def words(self) -> "Words | None":
        """What its catalogs say; None for the language in which the code is written."""
        if not self.catalogs:
            return None
        # What reads them weighs 3 MB, and most installations speak one language: it comes with the first who asks.
        from gateway.web.catalogs import read_words  # noqa: PLC0415

        return read_words(self.catalogs, self.locale)

    @property
    def translations(self) -> NullTranslations:
        """Every message."""
        return _AS_WRITTEN if self.words is None else self.words.translations

    @property
    def script(self) -> Mapping[str, str | Mapping[str, str]]:
        """The words our scripts need; one in the plural has its forms, as CLDR names them."""
        return {} if self.words is None else self.words.script

    @property
    def name(self) -> str:
        """Its name in itself: Deutsch."""
        name = Locale.parse(self.code).get_display_name(self.code) or self.code
        return name[:1].upper() + name[1:]

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return self.locale.text_direction

    def gettext(self, message: str, /, **values: object) -> str:
        """The words for a message, its `%(name)s` filled in."""
        found = self.translations.gettext(message) if message else ""
        return found % values if values else found

    def ngettext(self, one: str, many: str, count: int, /, **values: object) -> str:
        """The words for so many of something; `%(num)s` is the number as it is written here."""
        found = self.translations.ngettext(one, many, count)
        return found % {"num": self.number(count), **values}

    def number(self, value: float | Decimal) -> str:
        """`12,345.5`."""
        return format_decimal(value, locale=self.locale)

    def money(self, amount: Decimal) -> str:
        """`1,284.50`: an amount of money without its currency; `0.0079` below one, as single texts are priced."""
        return format_decimal(amount, format="#,##0.00" if amount >= 1 else "#,##0.00##", locale=self.locale)

    def percent(self, share: float) -> str:
        """`98.6%` for 0.986."""
        return format_percent(round(share, 3), locale=self.locale, decimal_quantization=False)

    def date(self, day: date, skeleton: str) -> str:
        """A day or moment by the fields of a CLDR skeleton (`MMMd`), as the language orders and names them."""
        # Without the zone: moments that are the same in two of them are written differently.
        return _dated(self, day.replace(tzinfo=None) if isinstance(day, datetime) else day, skeleton)

    def clock(self, moment: datetime) -> str:
        """`09:41`."""
        return self.date(moment, "Hm")

    @cached_property
    def in_templates(self) -> Mapping[str, Any]:
        """What every template may use. `_` gives plain text, which is escaped like any other; `trans` writes HTML."""

        def marked_up(message: str, /, **values: object) -> Markup:
            return Markup(self.translations.gettext(message)) % values  # noqa: S704 - a template's own words

        def some_marked_up(one: str, many: str, num: int, /, **values: object) -> Markup:
            found = Markup(self.translations.ngettext(one, many, num))  # noqa: S704 - a template's own words
            return found % {**values, "num": self.number(num)}

        return {
            "_": self.gettext,
            "gettext": marked_up,
            "ngettext": some_marked_up,
            "number": self.number,
            "language": self,
            "script_words": json.dumps(self.script, ensure_ascii=False) if self.script else "",
        }


@lru_cache(maxsize=4096)
def _dated(language: Language, day: date, skeleton: str) -> str:
    return str(language.locale.datetime_skeletons[skeleton].apply(day, language.locale))


_AS_WRITTEN: Final = NullTranslations()
ENGLISH: Final = Language(ORIGINAL, Locale.parse(_WRITTEN[ORIGINAL]))


class Languages:
    """Every language there is a catalog for, and English; `others` are the folders of plugins."""

    def __init__(self, folder: Path = FOLDER, others: Iterable[Path] = ()) -> None:
        folders = (folder, *others)
        found = [_language(path.parent.parent.name, folders) for path in sorted(folder.glob(f"*/{CATALOG}"))]
        self.all: Mapping[str, Language] = {ORIGINAL: ENGLISH, **{one.code: one for one in found}}

    def choose(self, setting: str | None, accepted: str = "") -> Language:
        """By a user's setting, else by what their browser accepts (`Accept-Language`), else English."""
        for tag in (setting or "", *_by_preference(accepted)):
            for code in (tag, tag.partition("-")[0]):
                if code in self.all:
                    return self.all[code]
        return ENGLISH


def _language(code: str, folders: Iterable[Path]) -> Language:
    catalogs = tuple(path for folder in folders if (path := folder / code / CATALOG).is_file())
    return Language(code, Locale.parse(_WRITTEN.get(code, code)), catalogs)


def _by_preference(accepted: str) -> list[str]:
    """The tags of an `Accept-Language`, the most wanted first; what is refused (`q=0`) or unreadable is left out."""
    found: list[tuple[float, str]] = []
    for part in accepted[:500].split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            wanted = float(weight or 1)
        except ValueError:
            continue
        if tag and wanted > 0:
            found.append((-wanted, tag.strip().lower()))
    return [tag for _, tag in sorted(found, key=lambda one: one[0])]
