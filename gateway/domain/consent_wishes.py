"""Wishes: what only sounds like a stop. A person is asked about it, and machines wait; nobody is stopped by a guess.

Each pattern is a way of saying it that people use, here in English and in German; `wishes_of_languages.py` has others.
They read text that was folded (case, width, invisible characters), with apostrophes gone and all other marks turned
into one blank each.
"""

import re
from functools import cache

from gateway.domain import wishes_of_languages
from gateway.domain.folding import folded

_APOSTROPHES = re.compile(r"['\u2019\u2018\u02bc`\u00b4]")
_NOT_SAID = re.compile(r"[^\w\s-]+|_")

_CHANNELS = (
    r"(?:texts?|texting|messag(?:es?|ing)|msgs?|sms|e-?mails?|e-?mailing|calls?|calling|alerts?|notifications?"
    r"|reminders?|offers?|ads?|promos?|newsletters?|updates?|spam(?:ming)?)"
)
_PLEASE = r"(?:please|pls|plz|kindly)"
_ENGLISH = rf"""
      ^(?:ok\s+|hey\s+|hi\s+)?{_PLEASE}?\s*stop
        (?:\s+(?:{_PLEASE}|now|it|this|that|these|already|thanks|thank\s+you|stop|ok))*$
    | \bstop\s+(?:all\s+|the\s+|these\s+|those\s+|your\s+|any\s+|with\s+)*
        (?:{_CHANNELS}|sending|contacting|bothering|harassing|writing|annoying)\b
    | \b(?:quit|cease)\s+(?:sending|contacting|bothering|{_CHANNELS})\b
    | \b(?:cancel|end)\s+(?:all\s+|the\s+|these\s+|your\s+|my\s+)*{_CHANNELS}\b
    | \b(?:unsubscribe|opt(?:\s|-)?(?:me\s+)?out|opting\s+out)\b
    | \bunsub(?:\s+(?:me|{_PLEASE}|now))*$
    | \b(?:remove|take|delete|get)\s+(?:me|us|my\s+(?:number|name|phone|e-?mail))\s+(?:off|from|out)\b
    | ^(?:{_PLEASE}\s+)?(?:remove|delete)\s+(?:me|us|my\s+(?:number|name|phone|e-?mail))(?:\s+{_PLEASE})?$
    | \bno\s+(?:more|further)\s+(?:of\s+(?:this|these|your)\s+)?{_CHANNELS}\b
    | ^(?:{_PLEASE}\s+)?no\s+more(?:\s+{_PLEASE})?$
    | \bnot\s+interested\s+(?:any\s*more\s+)?(?:in\s+(?:your|these|any|more)\s+(?:\w+\s+)?{_CHANNELS})
    | \b(?:dont|do\s+not|never)\s+(?:want\s+(?:any\s+|more\s+|any\s+more\s+|these\s+|your\s+|to\s+(?:get|receive)\s+)*
          {_CHANNELS}
        | want\s+to\s+hear\s+from\s+you
        | (?:text|message|msg|contact|e-?mail|call|write|send|bother)\s+(?:to\s+)?
            (?:me|us|this\s+number|here)(?:\s+(?:again|any\s*more|ever|{_PLEASE}|this|these|any|{_CHANNELS}))*$)
    | \bleave\s+(?:me|us)\s+(?:alone|be|in\s+peace)\b
    | \blose\s+(?:my|this)\s+number\b
    | \b(?:you\s+have\s+the\s+)?wrong\s+(?:number|person)\b
"""
_KINDS = (
    r"(?:sms|nachricht(?:en)?|texte?|mails?|e-?mails?|anrufe?|werbung|werbemails?|angebote?|newsletter|erinnerungen"
    r"|benachrichtigungen|spam)"
)
_GERMAN = rf"""
      \b(?:bitte\s+)?(?:keine?|ohne)\s+(?:weiteren?\s+|mehr\s+)?{_KINDS}(?:\s+(?:mehr|bitte|an\s+mich|schicken|senden))+
    | \bkeine?\s+weiteren?\s+{_KINDS}\b
    | ^(?:bitte\s+)?keine?\s+{_KINDS}(?:\s+bitte)?$
    | \b(?:lass(?:t|en\s+sie)?|la\u00dft?|lassen)\s+(?:sie\s+)?(?:mich|uns)\s+(?:bitte\s+|endlich\s+|doch\s+)*
        (?:in\s+(?:ruhe|frieden)|zufrieden)\b
    | \bh(?:\u00f6r|oer)(?:t|en\s+sie)?\s+(?:bitte\s+|endlich\s+|doch\s+)*(?:auf|damit)\b
        (?=.*\b(?:schreib|schick|send|sms|nachricht|mail|texte|anruf|werb|nerv|auf$))
    | ^(?:bitte\s+)?h(?:\u00f6|oe)r(?:t|en\s+sie)?\s+auf(?:\s+(?:damit|bitte|jetzt))*$
    | \b(?:nehm(?:en|t)?|nimm|streich(?:en|t|e)?|l(?:\u00f6|oe)sch(?:en|t|e)?|entfern(?:en|t|e)?)\s+
        (?:sie\s+)?(?:mich|uns|meine\s+(?:nummer|e-?mail|adresse|daten))\b
        (?!\s+(?:mit|f(?:\u00fc|ue)r|nicht))
    | \b(?:schreib(?:en|t|e)?|schick(?:en|t|e)?|send(?:en|et|e)?|kontaktier(?:en|t|e)?|ruf(?:en|t|e)?
        |bel(?:\u00e4|ae)stig(?:en|t|e)?|nerv(?:en|t|e)?)\s+(?:sie\s+|ihr\s+)?(?:mir|mich|uns)\s+
        (?:bitte\s+|endlich\s+)*(?:nicht\s+mehr|nie\s+(?:wieder|mehr)|nichts\s+mehr|keine\s+\w+\s+mehr)\b
        (?!\s+(?:als|vor|nach))
    | \b(?:ich\s+)?(?:will|m(?:\u00f6|oe)chte|wollen|m(?:\u00f6|oe)chten|w(?:\u00fc|ue)nsche)\s+(?:ich\s+|wir\s+)?
        (?:bitte\s+|k(?:\u00fc|ue)nftig\s+|ab\s+sofort\s+)*keine\s+(?:weiteren\s+|mehr\s+)?{_KINDS}\b
    | \b(?:abmelden|abbestellen|austragen)(?:\s+bitte)?$
    | \b(?:meld(?:e|en)?|trag(?:e|en)?|bestell(?:e|en)?)\s+(?:sie\s+)?(?:mich|uns)\s+(?:bitte\s+)?(?:ab|aus)\b
    | ^(?:bitte\s+)?(?:aufh(?:\u00f6|oe)ren|stopp|abmeldung|abbestellung)(?:\s+bitte)?$
    | \bbitte\s+(?:stopp|stop|aufh(?:\u00f6|oe)ren)\b
    | \bstopp(?:en|t)?\s+(?:sie\s+)?(?:bitte\s+)?(?:die|diese|alle|eure|ihre|den|das)\s+(?:\w+\s+)?{_KINDS}\b
    | \bfalsche\s+(?:nummer|person)\b
    | \bkein\s+interesse\s+(?:mehr\s+)?an\s+(?:ihre[nr]|eure[nr]|diese[nr]|weiteren)\s+{_KINDS}\b
"""


@cache
def _wishes() -> re.Pattern[str]:
    """Made with the first text that may be one: it takes 8 ms."""
    return re.compile(rf"{_ENGLISH} | {_GERMAN}", flags=re.VERBOSE)


# One of these is in every wish: an ordinary text is done with after a microsecond or two.
_HINTS = (
    *("stop", "unsub", "subscri", "opt", "quit", "cease", "cancel", "end ", "remove", "take", "delete", "get "),
    *("o more", "further", "interest", "don", "do not", "never", "leave", "lose", "wrong"),
    *("falsch", "kein", "ohne", "ruhe", "frieden", "h\u00f6r", "hoer", "nehm", "nimm", "streich", "l\u00f6sch"),
    *("loesch", "entfern", "icht mehr", "nie ", "nichts", "melde", "bestell", "trag"),
)
# The commonest of them ("I don't know", "the end of the week") mean something only before certain words.
_TRIGGERS = re.compile(
    r"stop|unsub|subscri|opt|quit|cease|cancel|end (?!of)|remove|take|delete|get [mu]|o more|further|interest|leave"
    r"|lose|(?:do?n.?t|do not|never) +(?:want|text|mess|msg|cont|e-?mail|call|write|send|bother)|wrong|falsch|kein|ohne"
    r"|ruhe|frieden|h\u00f6r|hoer|nehm|nimm|streich|l\u00f6sch|loesch|entfern|icht mehr|nie |nichts|melde|bestell|trag"
)
# "don't stop texting me", "I never want to unsubscribe", "nicht abmelden": the opposite is meant.
_OPPOSITE = re.compile(
    r"\b(?:dont|do not|never|cant|cannot|wont|will not|wouldnt|not|without|unless|if)\s+"
    r"(?:ever\s+|you\s+|i\s+|we\s+|want\s+(?:you\s+)?to\s+|going\s+to\s+|have\s+to\s+|need\s+to\s+)*"
    r"(?:stop|unsubscribe|opt|quit|cancel|remove|take|delete|leave|lose)\b"
    r"|\bnicht\s+(?:\w+\s+)?(?:stoppen|abmelden|abbestellen|aufh\u00f6ren|l\u00f6schen|streichen|austragen)\b"
    r"|\bh(?:\u00f6r|oer)(?:t|en\s+sie)?\s+(?:bitte\s+|bloss\s+|nur\s+)*nicht\s+auf\b"
    r"|\b(?:didnt|did\s+not|havent|have\s+not|dont)\s+(?:get|got|receive|received|see)\b"
    r"|\bhow\s+(?:do|can)\s+i\s+(?:stop|cancel)\s+(?:a|an|my)\b"
)
# "Who is this? Stop": a sentence, or what follows a comma, that is the word of law and nothing else, at the very end.
_LAST_WORD = re.compile(rf"[.!?;,\n]\s*(?:(?:ok|so|now|just)\s+)?(?:{_PLEASE}\s+)?(?:stopp?|unsubscribe)[\s.!]*\Z")
# Only the beginning is read: people who want to be left alone say so soon.
_READ = 400


def sounds_like_a_stop(text: str) -> bool:
    """Whether a person should be asked if these words mean that no more messages are wanted."""
    said = folded(text[:_READ])
    if _hinted(said) and _TRIGGERS.search(said) is not None:
        if _LAST_WORD.search(said) is not None:
            return True
        words = _words(said)
        if _wishes().search(words) is not None and _OPPOSITE.search(words) is None:
            return True
    said = wishes_of_languages.bare(said)
    languages = wishes_of_languages.languages_of(said)
    return bool(languages) and wishes_of_languages.is_one(_words(said), languages)


def _words(said: str) -> str:
    return " ".join(_NOT_SAID.sub(" ", _APOSTROPHES.sub("", said)).split())


def _hinted(said: str) -> bool:
    for hint in _HINTS:  # noqa: SIM110  any() of a generator takes twice as long, and this is asked of every message
        if hint in said:
            return True
    return False
