"""People as avatars: initials, and a hue that stays the same for the same person."""

import regex

from gateway.domain.ids import format_id
from gateway.domain.model import Contact, ContactAddress
from gateway.domain.people import User
from gateway.web.language import Language
from gateway.web.pages.formatting import address_text
from gateway.web.pages.views_shell import Person

HUES = 36
_LETTERS = regex.compile(r"\p{L}|\p{N}")
_WORDS = regex.compile(r"[^\s,;.@]+")


def hue_of(made: int) -> int:
    """0 to 35 from an id; the low bits of an id are a counter, so they are mixed first."""
    return ((made * 2_654_435_761) >> 16) % HUES


def initials_of(name: str) -> str:
    """Up to two letters; empty for what has none, such as a number."""
    words = [word for word in _WORDS.findall(name) if _LETTERS.search(word)]
    letters = [_LETTERS.search(word).group() for word in words]  # type: ignore[union-attr]
    return "".join(letters[:1] + letters[-1:] if len(letters) > 1 else letters).upper()


def face_of_user(user: User, now: int | None = None) -> Person:
    """A user of the team: there or away as they say of themselves and, at a moment (ms), as their hours are."""
    there = user.available if now is None else user.takes_work(now)
    return Person(format_id("usr", user.id), user.name, user.initials, hue_of(user.id), there)


def face_of_contact(contact: Contact, addresses: list[ContactAddress], language: Language) -> Person:
    """A contact by name, else by number or e-mail address; a number has no initials and shows a telephone."""
    if contact.saved and contact.name:
        return Person(format_id("cnt", contact.id), contact.name, initials_of(contact.name), hue_of(contact.id))
    _ = language.gettext
    shown = address_text(addresses[0].kind, addresses[0].value) if addresses else _("Unknown")
    letters = initials_of(shown) if addresses and "@" in shown else ""
    return Person(format_id("cnt", contact.id), shown, letters, hue_of(contact.id))
