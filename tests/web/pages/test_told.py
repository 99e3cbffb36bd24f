"""A sentence of the core comes out in the reader's language with its values, and what is none of ours as it was."""

import re

import pytest

from gateway.web.auth.service import WRONG
from gateway.web.auth.two_factor import WRONG_CODE
from gateway.web.language import ENGLISH, Language, Languages
from gateway.web.told import SENTENCES, told


@pytest.mark.parametrize(
    ("sentence", "german"),
    [
        ("Tom Becker has this conversation already.", "Tom Becker hat diese Konversation schon."),
        ("Last used here", "Hier zuletzt benutzt"),
        ("At most 60 characters; this has 61.", "Höchstens 60 Zeichen; das hier hat 61."),
        ("The cheapest, at 0.0075 USD", "Das günstigste, für 0.0075 USD"),
        ("There is no tag “50% off (%(name)s)”. A supervisor can add it to the workspace.",
         "Das Schlagwort „50% off (%(name)s)“ gibt es nicht. Wer Aufsicht führt, kann es anlegen."),
        ("Too many tries to sign in. Try again in 640 s.",
         "Zu viele Versuche, sich anzumelden. Versuchen Sie es in 640 s noch einmal."),
        (WRONG, "Diese E-Mail-Adresse und dieses Passwort gehören nicht zusammen."),
        (WRONG_CODE, "Dieser Code ist falsch, zu alt oder wurde schon benutzt. Warten Sie auf den nächsten."),
        ("What a plugin says stays as it is", "What a plugin says stays as it is"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_sentence_keeps_its_values(sentence: str, german: str) -> None:
    languages = Languages()
    assert told(languages.all["de"], sentence) == german
    assert told(ENGLISH, sentence) == sentence


@pytest.mark.parametrize("language", list(Languages().all.values()), ids=lambda one: one.code)
def test_no_sentence_is_taken_for_another(language: Language) -> None:
    for sentence in SENTENCES:
        names = re.findall(r"%\((\w+)\)s", sentence)
        values = {name: f"<{name}>" for name in names}
        said = sentence % values if names else sentence
        assert told(language, said) == (language.gettext(sentence, **values) if names else language.gettext(sentence))
