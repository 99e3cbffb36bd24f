"""The short list of emoji behind the smiley, by group."""

from typing import Final

_SMILEYS: Final = (
    "😀 grin,😊 smile,😂 joy,🙂 slight smile,😉 wink,😍 heart eyes,🤔 thinking,😅 sweat,😞 sad,😢 cry,😡 angry"
)
_PEOPLE: Final = "👋 wave,👍 thumbs up,👎 thumbs down,🙏 thanks,👏 clap,💪 strong,🤝 handshake,👀 eyes"
_THINGS: Final = (
    "🎉 party,🎁 gift,📦 parcel,🚚 delivery,🏪 store,💡 lamp,🪴 plant,📷 camera,📞 phone,💬 speech,📅 calendar,"
    "⏰ alarm,🔑 key,💳 card,🧾 receipt"
)
_SYMBOLS: Final = (
    "❤️ heart,💚 green heart,⭐ star,✅ done,❌ cross,⚠️ warning,❓ question,❗ exclamation,➡️ right,🔁 repeat,💯 hundred"
)


def _pairs(items: str) -> tuple[tuple[str, str], ...]:
    return tuple((sign, name) for sign, _, name in (item.partition(" ") for item in items.split(",")))


EMOJI: Final = (
    ("Smileys", _pairs(_SMILEYS)),
    ("People", _pairs(_PEOPLE)),
    ("Things", _pairs(_THINGS)),
    ("Symbols", _pairs(_SYMBOLS)),
)
