"""How a contact is found and sorted: by name, and by the digits and letters of its addresses."""

import unicodedata
from collections.abc import Iterable

from gateway.domain.folding import ascii_digits, folded
from gateway.domain.model import Contact, ContactAddress
from gateway.domain.record import record


@record
class ContactName:
    """`sort_name` orders lists; `words` is what any fragment is looked for in. Both are folded, without accents.

    `saved` is the contact's own, here so that a list of only those, or only the others, has an index to read along.
    """

    workspace_id: int
    contact_id: int
    sort_name: str
    words: str
    saved: bool = False


def plain(text: str) -> str:
    """The text as search compares it: visible, case and width folded, accents taken off, blanks as single spaces."""
    found = folded(text)
    if not found.isascii():
        found = "".join(one for one in unicodedata.normalize("NFD", found) if not unicodedata.combining(one))
    return " ".join(found.split())


def digits(text: str) -> str:
    """The decimal digits in a text, of whatever script, as 0 to 9."""
    return "".join(letter for letter in ascii_digits(text) if "0" <= letter <= "9")


def contact_name(contact: Contact, addresses: Iterable[ContactAddress]) -> ContactName:
    """What is kept for a contact; its live addresses count, each as it is written and as its digits."""
    values = [address.value for address in addresses if address.removed_at is None]
    name = plain(contact.name or "")
    words = [name, *(plain(value) for value in values)]
    return ContactName(
        contact.workspace_id,
        contact.id,
        sort_name=name or (plain(values[0]) if values else ""),
        words="\n".join(dict.fromkeys(word for word in words if word)),
        saved=contact.saved,
    )
