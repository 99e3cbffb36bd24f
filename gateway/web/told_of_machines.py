"""Sentences of the core about what goes out by itself, and who allows it. Among those of `told.py`."""

from typing import Final

from gateway.web.language import marked

MACHINES: Final = (
    marked("This automation is not held there."),
    marked("This automation is held for this contact. Let it go on there first."),
    marked(
        "It was set off more than %(most)s times in this thread within %(span)s; that is a loop. "
        "It does nothing more here until somebody lets it go on."
    ),
    marked("an hour"),
    marked("a day"),
    marked("a week"),
    marked("It would have answered what it did itself."),
    marked("%(most)s automations in a row had set each other off."),
    marked("The automation was switched off meanwhile."),
    marked("The contact was erased."),
    marked("The conversation was opened again before its time had come."),
    marked("Rule %(place)s: There is no such %(noun)s."),
    marked("Rule %(place)s: %(why)s"),
    marked("This contact opted out of %(sender)s at the provider%(said)s. Only they can start it again."),
    marked("The team recorded that this contact wants no messages%(said)s. Subscribe them again to write."),
    marked("The team recorded that this contact wants no %(purpose)s messages%(said)s. Subscribe them again to write."),
    marked("This contact may have asked for no more messages. What goes out by itself waits until somebody decides."),
    marked("There is nothing to decide here any more: somebody was first."),
    marked("This contact is being asked something else at the moment; the first goes before."),
    marked("A machine of theirs wrote within a day; it is not asked anything."),
    marked("This contact was asked within %(days)s days; more would be too much."),
    marked("An answer is waited for 1 to %(most)s hours."),
    marked("The value of an answer is a whole number from 0 to %(most)s."),
    marked("An answer is waited for between a minute and 90 days."),
)
