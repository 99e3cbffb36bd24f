"""What people of the sample store are called, and what they write about."""

NAMES = (
    "Ada", "Ben", "Cleo", "Dana", "Emil", "Fay", "Gus", "Hana", "Ivo", "June", "Kai", "Lena", "Milo", "Nora",
    "Otis", "Pia", "Quinn", "Rosa", "Sami", "Tess", "Una", "Vera", "Wim", "Yara", "Zeno",
)  # fmt: skip
SURNAMES = (
    "Arden", "Birk", "Crane", "Dover", "Elm", "Finch", "Grove", "Heath", "Irwin", "Jarvis", "Kerr", "Lowe",
    "Marsh", "North", "Orr", "Pike", "Quill", "Reed", "Stone", "Thorn", "Vale", "West",
)  # fmt: skip
WORDS = (
    "order", "parcel", "harbour", "thanks", "when", "tomorrow", "delivery", "number", "street", "key", "is",
    "the", "a", "we", "you", "can", "please", "morning", "invoice", "late", "left", "front", "door",
    "neighbour", "size", "blue", "green", "return", "refund", "picture", "address", "changed", "again",
    "today",
)  # fmt: skip
