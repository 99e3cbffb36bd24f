"""The emoji behind the smiley, by group, found by the names Unicode gives them and a few that people say instead."""

import unicodedata
from typing import Final

from gateway.web.language import marked

_SMILEYS: Final = (
    "😀😃😄😁😆😅🤣😂🙂🙃😉😊😇🥰😍🤩😘😋😛😜🤪🤑🤗🤭🤫🤔🤐🤨😐😑😶😏😒🙄😬😌😔😪😴😷🤒🤕🤢🥵🥶😵🤯🤠🥳😎🤓🧐😕🙁😮😲😳🥺😨😰😥😢😭😱😖"
    "😞😓😩😫🥱😤😡🤬"
)
_PEOPLE: Final = "👋🤚✋🖖👌🤏🤞🤟🤘🤙👈👉👆👇👍👎✊👊👏🙌👐🤲🤝🙏✍💅💪👀👂🧠👶🧒👦👧🧑👨👩🧓🙋🤷🤦🙇💁🙅🙆🏃🚶👪"
_NATURE: Final = (
    "🐶🐱🐭🐰🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧🐦🦆🦉🐝🦋🐌🐞🐢🐍🐟🐬🐳🐴🐑🌵🎄🌲🌳🌴🌱🌿🍀🪴🌷🌹🌻🌼💐🍁🍂🌍🌙🌟🌈🌊🔥💧"
)
_FOOD: Final = "🍏🍎🍊🍋🍌🍉🍇🍓🍒🍑🥭🍍🥝🍅🥑🥦🥕🌽🥔🍞🥐🧀🥚🥞🍔🍟🍕🌭🥪🌮🥗🍝🍣🍦🍰🎂🍫🍬🍪🍯🥛☕🍵🍷🍺🥂"
_THINGS: Final = (
    "🎉🎊🎁🎈🏆🥇⚽🏀🎾🎮🎲🎵🎸🎨🎬📷🎥📞📱💻🖨💡🔦🔋🔌🧯🔧🔨🪛🔩🔑🔒🔓🚪🪑🛋🛏🚿🧹🧺🧻🧼🛒💳💰💶🧾📦📫📬✉📝📄📅📌📎✂📏🗑🛍👕👖👗👟"
    "🧢🎒👓💍💊🩹🩺🌡⏰⏳"
)
_PLACES: Final = "🚗🚕🚌🚑🚒🚚🚜🚲🛵✈🚀🚁⛵🚢🚉⛽🚧🏠🏡🏢🏥🏦🏨🏪🏫🏭🏰⛪🗺🏖🏔☀⛅☁🌧⛈❄☔⚡"
_SYMBOLS: Final = "❤🧡💛💚💙💜🖤💔💕💯✅☑✔❌❎❗❓⚠🚫⛔🆗🆕🆓ℹ🔴🟠🟡🟢🔵⚫⚪➡⬅⬆⬇↩🔁🔄🔔🔕💬💭🕐♻™©®"  # noqa: RUF001

_ALSO: Final = {
    "👍": "yes ok",
    "👎": "no",
    "🎉": "party",
    "📦": "parcel",
    "🚚": "delivery",
    "🏪": "store",
    "🙏": "thanks please",
    "😂": "joy laugh",
    "😢": "sad",
    "😡": "angry",
    "🤔": "thinking",
    "👋": "hello wave bye",
    "💯": "hundred",
    "✅": "done",
    "❤": "love",
    "📅": "date",
    "⏰": "alarm",
    "💳": "card pay",
    "🧾": "bill",
    "🪴": "plant",
    "☕": "coffee",
    "🎂": "birthday",
}
_PICTURE: Final = "\N{VARIATION SELECTOR-16}"  # what may be a letter too is asked to be a picture


def _named(signs: str) -> tuple[tuple[str, str], ...]:
    return tuple((_drawn(sign), f"{unicodedata.name(sign).lower()} {_ALSO.get(sign, '')}".strip()) for sign in signs)


def _drawn(sign: str) -> str:
    return sign if ord(sign) >= 0x1F000 else sign + _PICTURE


EMOJI: Final = (
    (marked("Smileys"), _named(_SMILEYS)),
    (marked("People"), _named(_PEOPLE)),
    (marked("Nature"), _named(_NATURE)),
    (marked("Food"), _named(_FOOD)),
    (marked("Things"), _named(_THINGS)),
    (marked("Places"), _named(_PLACES)),
    (marked("Symbols"), _named(_SYMBOLS)),
)
