"""What somebody wrote now, apart from what they quote."""

import re

import quotequail

_LOOKED_AT = 500  # lines in which a quote must begin; quotequail takes half a millisecond for each
_LONGEST_LINE = 2_000
_MANY_BLANK_LINES = re.compile(r"\n{4,}")


def fold(text: str) -> tuple[str, str | None]:
    """The new text, and the quoted part with the line that introduces it, or None.

    Where all of it would be quoted, or what is new stands below the quote, nothing is folded.
    """
    text = _MANY_BLANK_LINES.sub("\n\n\n", text).strip()
    lines = text.split("\n")
    if any(len(line) > _LONGEST_LINE for line in lines[:_LOOKED_AT]):
        return text, None
    pieces = quotequail.quote("\n".join(lines[:_LOOKED_AT]), limit=_LOOKED_AT + 1, quote_intro_line=True)
    if all(shown for shown, _ in pieces):
        return text, None
    new = "\n".join(piece for shown, piece in pieces if shown).strip()
    quoted = "\n".join([*(piece for shown, piece in pieces if not shown), *lines[_LOOKED_AT:]]).strip()
    return (new, quoted) if new and quoted else (text, None)
