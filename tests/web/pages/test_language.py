"""Languages: which one somebody reads, what it does to words, dates and numbers, and that every page speaks it."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog, Message
from markupsafe import Markup

from gateway.web.catalogs import read_catalog
from gateway.web.language import CATALOG, ENGLISH, FOLDER, Language, Languages
from gateway.web.pages.formatting import Times
from gateway.web.pages.templates import Templates
from tests.support.sources import ROOT
from tests.web.pages.test_templates import PAGES

NOON = 1_795_262_400_000  # Sat 21 Nov 2026 12:00 UTC
DAY = 24 * 3_600_000
LANGUAGES = Languages()
GERMAN = LANGUAGES.all["de"]
CATALOGS: Mapping[str, Catalog] = {
    path.parent.parent.name: read_catalog(path, path.parent.parent.name) for path in FOLDER.glob(f"*/{CATALOG}")
}
PLACE = re.compile(r"%\(\w+\)s")


@pytest.mark.parametrize(
    ("setting", "accepted", "code"),
    [
        (None, "", "en"),
        (None, "de-AT,de;q=0.9,en;q=0.8", "de"),
        (None, "fr, en;q=0.2, DE;q=0.7", "de"),
        (None, "de;q=0, en", "en"),
        (None, "xx;q=rubbish, ../../de, \0", "en"),
        (None, "en-US, de", "en"),
        ("de", "en", "de"),
        ("en", "de", "en"),
        ("tlh", "de", "de"),
    ],
)
def test_a_setting_goes_before_the_browser_and_english_is_left(setting: str | None, accepted: str, code: str) -> None:
    assert LANGUAGES.choose(setting, accepted).code == code


def test_languages_call_themselves_what_their_readers_call_them() -> None:
    assert {code: (one.name, one.direction) for code, one in LANGUAGES.all.items()} == {
        "en": ("English", "ltr"),
        "de": ("Deutsch", "ltr"),
    }


def test_dates_hours_and_numbers_are_written_as_in_the_language() -> None:
    german = Times(NOON, ZoneInfo("Europe/Berlin"), GERMAN)
    assert (german.full(NOON), german.full(NOON - DAY)) == ("Heute 13:00", "Gestern 13:00")
    assert (german.short(NOON - 3 * DAY), german.day_name(NOON - 3 * DAY)) == ("18. Nov.", "Mi., 18. Nov.")
    assert (ENGLISH.number(12_345.5), GERMAN.number(12_345.5)) == ("12,345.5", "12.345,5")
    assert ENGLISH.date(date(2026, 11, 18), "MMMd") == "18 Nov"


def test_values_stand_where_the_words_want_them_and_are_escaped_in_templates() -> None:
    assert GERMAN.gettext("Your account, %(name)s", name="100 % <b>") == "Ihr Konto, 100 % <b>"
    assert GERMAN.gettext("What nobody translated") == "What nobody translated"
    assert ENGLISH.ngettext("%(num)s row", "%(num)s rows", 1200) == "1,200 rows"
    written = ENGLISH.in_templates["gettext"]("<b>%(name)s</b>", name="<i>")
    assert (type(written), written) == (Markup, "<b>&lt;i&gt;</b>")


def test_scripts_get_their_words_with_the_page_and_english_brings_none() -> None:
    assert GERMAN.script["Undo"] == "Rückgängig"
    assert "Skip to content" not in GERMAN.script
    templates, (name, context) = Templates(), PAGES["inbox"]
    german = templates.render(name, **context, **GERMAN.in_templates)
    assert '<meta name="words" content="{&#34;' in german
    assert 'name="words"' not in templates.render(name, **context)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("code", sorted(set(LANGUAGES.all) - {"en"}))
def test_every_page_speaks_every_language(name: str, code: str) -> None:
    template, context = PAGES[name]
    language = LANGUAGES.all[code]
    page = Templates().render(template, **context, **language.in_templates)
    if page.startswith("<!doctype"):
        assert f'<html lang="{code}" dir="ltr"' in page
        assert f">{language.gettext('Skip to content')}<" in page


def test_a_language_from_right_to_left_turns_the_page_round() -> None:
    arabic = Language("ar", ENGLISH.locale.parse("ar"))
    template, context = PAGES["login"]
    assert '<html lang="ar" dir="rtl"' in Templates().render(template, **context, **arabic.in_templates)


def _words(message: Message) -> list[tuple[str, str]]:
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    return [(message.id[-1], words) for words in message.string or ()]


@pytest.mark.parametrize("code", CATALOGS)
def test_translations_keep_places_and_bring_no_markup(code: str) -> None:
    wrong = [
        (said, words)
        for message in CATALOGS[code]
        if message.id
        for said, words in _words(message)
        if words and (set(PLACE.findall(words)) - set(PLACE.findall(said)) or (set('<>"') & set(words)) - set(said))
    ]
    assert wrong == []


def test_a_plugin_brings_its_own_words_and_ours_stand_first() -> None:
    """The simulator's `Delay` is nobody else's; `Save` is ours, whatever a plugin makes of it."""
    german = Languages(others=[ROOT / "plugins/simulator/gateway_simulator/locale"]).choose("de")
    assert german.gettext("Delay") == "Verzögerung"
    assert german.gettext("Save") == LANGUAGES.choose("de").gettext("Save") != "Save"
    assert LANGUAGES.choose("de").gettext("Delay") == "Delay", "without the plugin nobody knows the word"


def test_a_catalog_is_read_when_somebody_reads_in_its_language() -> None:
    templates, (name, context) = Templates(), PAGES["inbox"]
    templates.render(name, **context)
    german = templates.languages.choose(None, "de-AT,de;q=0.9")
    assert "words" not in vars(german), "to serve, and to choose it, takes none of its words"
    assert german.gettext("Save") == "Speichern"
    assert "words" in vars(german)


def test_a_catalog_of_a_plugin_that_is_none_is_left_out(tmp_path: Path) -> None:
    broken = tmp_path / "de" / CATALOG
    broken.parent.mkdir(parents=True)
    broken.write_text("msgid without quotes")
    assert Languages(others=[tmp_path]).choose("de").gettext("Save") == "Speichern"
