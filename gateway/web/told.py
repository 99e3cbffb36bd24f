"""Sentences that the core says, in the reader's language.

The core knows no languages: what it refuses and decides it says in English, once, and keeps some of it with a message.
Here every such sentence stands with its values by name, so that it can be found again and said in other words. What
stands here not, such as a plugin's reason, stays as it was said. `tests/web/pages/test_told.py` reads the core and
finds the ones that are missing.
"""

import re
from functools import cache
from typing import Final

from gateway.web.language import ORIGINAL, Language, marked
from gateway.web.told_of_access import ACCESS
from gateway.web.told_of_machines import MACHINES
from gateway.web.told_of_pages import PAGES

SENTENCES: Final = (
    *MACHINES,
    *ACCESS,
    *PAGES,
    marked("Your role does not allow this."),
    marked("At most %(most)s are taken here."),
    marked("This key was used before, with another request."),
    marked("Write something, or attach a file."),
    marked("Write something first."),
    marked("%(value)s is a name; messages can't be sent to it."),
    marked("Only e-mail has a subject."),
    marked("It would expire before it is sent."),
    marked("That time has passed."),
    marked("That time has passed. Choose a later one."),
    marked("This contact opted out%(said)s. Only they can start it again."),
    marked("Only a run that failed can be tried again."),
    marked("This run is still under way."),
    marked("This automation is switched off. Switch it on first."),
    marked("A workspace has at most %(most)s automations."),
    marked("This contact has no number and no e-mail address to speak of."),
    marked("A purpose is one of %(values)s."),
    marked("%(value)s belongs to %(who)s. If they are one person, merge the two contacts."),
    marked("Give a name, or at least one number or e-mail address."),
    marked("Somebody else is talking with this contact at the moment."),
    marked("A contact has at most %(most)s fields."),
    marked("The name of a field has 1 to %(most)s characters."),
    marked("At most %(most)s characters; this has %(count)s."),
    marked("“%(name)s” is not a time zone; use a name like Europe/Paris."),
    marked("This contact was merged into another. Erase that one, or unmerge the two first."),
    marked("Only plugins add events of their own."),
    marked("“%(name)s” is no name for an event of a plugin's own."),
    marked("A gateway's token has at least 24 characters of those that URLs take as they are."),
    marked("A gateway is one of %(values)s."),
    marked("This invitation is for another e-mail address."),
    marked("This file is empty."),
    marked("This file is in the team's library. Upload the table for itself."),
    marked("Say where and how these people agreed: this is the proof."),
    marked("This file belongs to a message that is %(status)s; it stays with it."),
    marked("A contact can't be merged into itself."),
    marked("This contact is not merged into another."),
    marked("%(name)s was merged into another contact already. Unmerge it first."),
    marked("A name has 1 to %(most)s characters; this one has %(count)s."),
    marked("The same %(noun)s is there twice."),
    marked("A rate is a number greater than 0; leave it out for no limit."),
    marked("There is a %(noun)s called “%(name)s” already. Choose another name."),
    marked("There is no such %(noun)s."),
    marked("There is no such user."),
    marked("There is no such group."),
    marked("There is no such file."),
    marked("There is no such contact."),
    marked("There is no such pool."),
    marked("This conversation is sealed. Put the note on the contact instead."),
    marked("Only somebody who is signed in can be told."),
    marked("A notice waits %(values)s minutes."),
    marked("Quiet hours begin and end at a time of day."),
    marked("This is not a time zone; use a name like Europe/Paris."),
    marked("Only a user can own a conversation."),
    marked("%(name)s has this conversation already."),
    marked("%(name)s is not in %(group)s."),
    marked("This conversation is sealed; nothing in it can change."),
    marked("Somebody else owns this conversation; a supervisor can move it."),
    marked("The sender chain of this workspace asks “%(name)s”. Take it out of the chain first."),
    marked("A pool's name has no brackets: the sender chain writes it as pool(name)."),
    marked("Only somebody who is signed in has a device to be told on."),
    marked("Only a user reads."),
    marked("It is one of %(values)s."),
    marked("This message is %(status)s; only a scheduled one can be changed."),
    marked("This text needs %(parts)s parts; at most %(most)s are allowed. Shorten it."),
    marked("This message is %(status)s; it can't be withdrawn any more."),
    marked("This message is being sent right now."),
    marked("This message may have left already; it can't be withdrawn any more."),
    marked("This message is %(status)s; only a failed one can be sent again."),
    marked("This message is %(status)s; there is nothing to decide."),
    marked("This message was sent again already, as %(name)s."),
    marked("Something was said in this thread that you have not seen yet."),
    marked("%(value)s is one of your senders already."),
    marked("At least one gateway needs a weight above 0."),
    marked("Only phone numbers and short codes carry MMS."),
    marked("Weights are given to gateways that serve this sender."),
    marked("A weight is a whole number from 0 to %(most)s."),
    marked("There is no tag “%(name)s”. A supervisor can add it to the workspace."),
    marked("That is the same tag. Choose another one."),
    marked("A tag's colour is one of %(values)s."),
    marked("Nobody%(where)s is available at the moment."),
    marked("There is a user with the e-mail address %(address)s already."),
    marked("Only you can change your password; an administrator can send you a link for a new one."),
    marked("That is not an e-mail address: those look like name@company.example."),
    marked("This user belongs to an API token; revoke the token and make another."),
    marked("%(name)s is the last administrator and can't %(what)s. Make somebody else an administrator first."),
    marked("This delivery is still being tried. Replay it when that has ended."),
    marked("This webhook is off. Switch it on first."),
    marked("There are %(most)s webhooks already. Remove one first."),
    marked("There are %(most)s chat targets already. Remove one first."),
    marked("Choose at least one thing to be told of."),
    marked("Choose at least one type of event, or * for all."),
    marked("At most %(most)s types; * stands for all."),
    marked("“%(name)s” is no type of event."),
    marked("The presets are %(values)s."),
    marked("There is no pool called “%(name)s”."),
    marked("There is no pool called “%(name)s”"),
    marked("No such %(noun)s, or it is not yours to see."),
    marked("This contact got an automatic answer within a day."),
    marked("The workspace's default"),
    marked("No sender can carry this message. Add one, or switch its gateway on."),
    marked("Nothing to go by yet."),
    marked("This sender was removed."),
    marked("No gateway serves it at the moment."),
    marked("No sender of %(name)s can carry this."),
    marked("The pool %(name)s has no numbers. Put some in it in the settings."),
    marked("No sender can carry this."),
    marked("There is no sender %(value)s."),
    marked("This contact has no thread."),
    marked("This contact has no %(what)s."),
    marked("%(object)s has no “%(field)s” (%(place)s)."),
    marked("A template may have %(most)s characters; this one has %(count)s."),
    marked("This template does too much: fewer loops, less output."),
    marked("There is no filter “%(name)s” (%(place)s)."),
    marked("%(what)s has no value here. Give it one, or a default."),
    marked("Last used here"),
    marked("They wrote to it"),
    marked("The conversation began on it"),
    marked("Chosen for this message"),
    marked("It was tried before."),
    marked("The only one that can"),
    marked("This contact's share"),
    marked("Used with this contact before"),
    marked("In order"),
    marked("In order; its price isn't known"),
    marked("The cheapest, at %(price)s"),
    marked("It comes after %(name)s."),
    marked("It does not work well at the moment."),
    marked("It is down."),
    marked("It is paused."),
    marked("It does not work well at the moment: %(why)s"),
    marked("It is down: %(why)s"),
    marked("As MMS, because it is longer than %(units)s."),
    marked("As MMS, which is cheaper: %(mms)s instead of %(sms)s."),
    marked("That gateway does not serve this sender, or is switched off."),
    marked("A workspace has at most %(most)s forms."),
    marked("A workspace has at most %(most)s keywords."),
    marked("A workspace has at most %(most)s polls."),
    marked("This form is switched off. Switch it on first."),
    marked("This contact is in the middle of the form %(name)s. Stop that first."),
    marked("This is over already."),
    marked("The way out is a word of 1 to 40 characters, such as EXIT."),
    marked("“%(word)s” has a meaning by law and works at any time. Choose another word to leave the form by."),
    marked("A form has 1 to %(most)s questions."),
    marked("A key is a word of small letters, digits and _, each once in a form: colour, t_shirt_size."),
    marked("Write the question."),
    marked("1 to %(most)s tries."),
    marked("The most is less than the least."),
    marked("An answer is kept as “name”, or as “field:” and the name of a contact's field."),
    marked("There are 2 to %(most)s choices."),
    marked("A choice has 1 to 100 characters."),
    marked("“%(word)s” has no letter and no digit to be known by."),
    marked("“%(word)s” has a meaning by law and can't be a choice."),
    marked("“%(word)s” names two choices."),
    marked("The keyword %(name)s begins this form. Change or remove that first."),
    marked("The keyword %(name)s belongs to this poll. Change or remove that first."),
    marked("A form or a poll: two questions at once can't be told apart."),
    marked("A keyword has 1 to %(most)s words."),
    marked("A word has at most %(most)s characters."),
    marked("HELP and INFO have an answer of their own; give other words a keyword of their own."),
    marked("HELP is answered with a text and does nothing else."),
    marked("Write what HELP is answered with."),
    marked("HELP is the whole message, or it is a question to a person."),
    marked("A keyword does something: answer, change a list, tag, begin a form, ask a poll."),
    marked("“%(word)s” always means that somebody wants no more messages; the law and carriers say so."),
    marked("“%(word)s” always means that somebody wants messages again; the law and carriers say so."),
    marked("“%(word)s” sounds like somebody who wants no more messages; a person has to look at that."),
    marked("Say in which poll this is a vote."),
    marked("This poll has no choice “%(choice)s”."),
    marked("%(kind)s can't be texted: %(sender)s."),
    marked("An e-mail address"),
    marked("A name as sender"),
    marked("“%(word)s” is taken %(where)s by %(owner)s. Choose another word, or change that."),
    marked("“%(word)s” is taken on all numbers by the keyword %(owner)s. Choose another word, or change that."),
    marked("“%(word)s” is taken on all numbers by the poll %(owner)s. Choose another word, or change that."),
    marked("“%(word)s” is taken on %(where)s by the keyword %(owner)s. Choose another word, or change that."),
    marked("“%(word)s” is taken on %(where)s by the poll %(owner)s. Choose another word, or change that."),
    marked("Choices can be added and reworded, not taken away: votes may name them."),
    marked("This poll is not open: votes would not count."),
    marked("It would close before it opens."),
    marked("A channel is one of %(values)s."),
    marked("A pace is 1 to %(most)s messages a minute; leave it out for no limit."),
    marked("Give both times of day, such as 21:00 and 08:00."),
    marked("Quiet hours end at another time than they start."),
    marked("At most %(most)s files; these are %(count)s."),
    marked("At most %(most)s conditions; these are %(count)s."),
    marked("At most %(most)s lists; these are %(count)s."),
    marked("There is no such file in the team's library."),
    marked("Choose at least one list."),
    marked("This campaign is %(state)s; only its name can change."),
    marked("This campaign is under way; only its name, pace and expiry can change."),
    marked("This campaign is not over. Cancel it first."),
    marked("There is no “%(name)s” here (%(place)s)."),
    marked("%(field)s is nothing of a contact; use contact.fields.<name> or contact.timezone."),
    marked("No sender can carry this campaign. Add one, or switch its gateway on."),
    marked("The sender of this campaign was removed. Choose another."),
    marked("No gateway serves the sender of this campaign at the moment."),
    marked("Nobody knows that this contact agreed to such messages."),
    marked("This contact opted out. Only they can start it again."),
    marked("This contact was merged with another, who gets it too."),
    marked("This contact was erased."),
    marked("It is night there until it expires."),
    marked("Its campaign was cancelled."),
    marked("This campaign was not started yet."),
    marked("This campaign waits for its time."),
    marked("This campaign's recipients are being written down."),
    marked("This campaign is under way."),
    marked("This campaign is paused. Resume or cancel it."),
    marked("This campaign is completed."),
    marked("This campaign was cancelled."),
)
_VALUE: Final = re.compile(r"%\((\w+)\)s")


def told(language: Language, sentence: str) -> str:
    """The sentence as that language says it."""
    if language.code == ORIGINAL or not sentence:
        return sentence
    found = language.gettext(sentence)
    if found != sentence or sentence in SENTENCES:
        return found
    for pattern, message in _patterns():
        match = pattern.fullmatch(sentence)
        if match is not None:
            # A value may be a word of ours too: the noun of what is missing, the state of a message.
            return language.gettext(
                message, **{name: language.gettext(value) for name, value in match.groupdict().items()}
            )
    return sentence


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """The sentences with values, those that say the most themselves first: the vague ones fit almost anything."""
    with_values = sorted((one for one in SENTENCES if _VALUE.search(one)), key=_own_length, reverse=True)
    return [(re.compile(_as_pattern(one), re.DOTALL), one) for one in with_values]


def _own_length(message: str) -> int:
    return len(_VALUE.sub("", message))


def _as_pattern(message: str) -> str:
    pieces = _VALUE.split(message)
    return "".join(re.escape(one) if place % 2 == 0 else f"(?P<{one}>.*?)" for place, one in enumerate(pieces))
