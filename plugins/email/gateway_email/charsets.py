"""Octets as text, whatever charset somebody said they are in."""

import codecs

# Decoders in C that are linear in what they read. Others that Python counts as text (punycode, unicode_escape, idna)
# are none that mail is written in.
_KNOWN = frozenset(
    [
        "ascii",
        "utf-8",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-32-le",
        "utf-32-be",
        "utf-7",
        "iso8859-1",
        "iso8859-2",
        "iso8859-3",
        "iso8859-4",
        "iso8859-5",
        "iso8859-6",
        "iso8859-7",
        "iso8859-8",
        "iso8859-9",
        "iso8859-10",
        "iso8859-11",
        "iso8859-13",
        "iso8859-14",
        "iso8859-15",
        "iso8859-16",
        "cp1250",
        "cp1251",
        "cp1252",
        "cp1253",
        "cp1254",
        "cp1255",
        "cp1256",
        "cp1257",
        "cp1258",
        "cp437",
        "cp850",
        "cp852",
        "cp866",
        "cp874",
        "koi8-r",
        "koi8-u",
        "mac-roman",
        "mac-cyrillic",
        "big5",
        "big5hkscs",
        "cp950",
        "gb2312",
        "gbk",
        "gb18030",
        "hz",
        "euc_jp",
        "euc_jis_2004",
        "shift_jis",
        "cp932",
        "iso2022_jp",
        "iso2022_jp_1",
        "iso2022_jp_2",
        "iso2022_kr",
        "euc_kr",
        "cp949",
        "johab",
        "tis-620",
    ]
)
# What people's programs mean when they say these.
_MEANT = {
    "ascii": "utf-8",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "iso2022_jp": "iso2022_jp_2",
}
_NAMES = {"unicode-1-1-utf-7": "utf-7", "ks_c_5601-1987": "cp949", "x-gbk": "gb18030", "iso-8859-8-i": "iso8859-8"}


def text_of(octets: bytes, charset: str | None) -> str:
    """The text, in the charset that was said if it fits, else in UTF-8, else in Windows-1252. Never raises."""
    for codec in dict.fromkeys((_codec(charset), "utf-8")):
        if codec is None:
            continue
        try:
            return octets.decode(codec)
        except UnicodeError:
            continue
    said = _codec(charset)
    return octets.decode(said if said and said != "utf-8" else "cp1252", "replace")


def _codec(charset: str | None) -> str | None:
    name = (charset or "").strip().strip("\"'").lower()[:40]
    try:
        found = codecs.lookup(_NAMES.get(name, name)).name
    except (LookupError, ValueError):
        return None
    return _MEANT.get(found, found) if found in _KNOWN else None
