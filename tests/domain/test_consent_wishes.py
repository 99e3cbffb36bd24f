"""Wishes: ways of saying that one wants no more messages, and what only looks like one, in English and German."""

import pytest

from gateway.domain.consent import ConsentWord, classify

WISHES = [
    "please stop texting",
    "leave me alone",
    "take me off your list",
    "no more messages",
    "Pls no more",
    "stop spamming me",
    "I don't want to hear from you again",
    "do not text me anymore",
    "Don't send me any more messages",
    "unsubscribe me pls",
    "can you remove me from this list?",
    "I'm not interested in your offers",
    "please stop!!",
    "STOP IT",
    "stop these messages",
    "Bitte keine Nachrichten mehr",
    "Keine SMS mehr bitte",
    "Lassen Sie mich in Ruhe",
    "lass mich in ruhe!!",
    "Lasst mich endlich in Frieden",
    "hören sie auf mir zu schreiben",
    "hör auf",
    "Nehmen Sie mich von der Liste",
    "Bitte löschen Sie meine Nummer",
    "Streicht mich aus eurem Verteiler",
    "Schreiben Sie mir nicht mehr",
    "schick mir bitte keine Werbung mehr",
    "Ich möchte keine Nachrichten mehr",
    "Ich will keine weiteren SMS",
    "bitte abmelden",
    "Melden Sie mich ab",
    "Falsche Nummer",
    "Bitte stopp",
    "keine Werbung",
    "keine weiteren Nachrichten",
    "Stoppen Sie bitte diese SMS",
    "trag mich bitte aus",
    "Rufen Sie mich nicht mehr an",
    "texts need to stop. Remove me from your database",
    "quit bothering me",
    "i never signed up, stop messaging me",
    "who is this? STOP",
    "I told you already!\nStop.",
    "Not for me, please stop",
    "unsub",
    "pls unsub me",
]
OTHER_TALK = [
    "don't stop texting me about new arrivals",
    "the bus doesn't stop here",
    "Please don't leave me alone with this form",
    "I can't stop laughing",
    "Stop by at 5?",
    "Meet me at the bus stop.",
    "Which one, the second stop?",
    "We took the 7, then a short stop, and were there",
    "Does the train stop at Ulm?",
    "The messages stopped arriving, why?",
    "I didn't get any more messages, is it broken?",
    "Don't text me before 9, call me then",
    "How do I cancel my order",
    "remove the onions please",
    "take me to your leader",
    "leave the parcel at the door",
    "I lost my number plate",
    "wrong size",
    "wrong address",
    "Kein Problem",
    "Keine Ahnung",
    "keine Zeit mehr heute",
    "Ich habe keine Nachricht erhalten",
    "Keine Nachricht bekommen, bitte nochmal senden",
    "Bitte nicht abmelden",
    "Hört auf euer Herz",
    "Der Bus hält hier nicht",
    "Nehmen Sie mich mit?",
    "Löschen Sie meine Bestellung bitte",
    "Ich möchte keine Zwiebeln",
    "Wo ist die Haltestelle",
    "Can I get more messages like this",
    "no more questions, thanks",
    "I have no more time",
    "I don't want the red one, send me the blue one",
    "Don't forget to text me",
    "Please call me",
    "Ruf mich nicht vor 9 an",
    "end of the street",
    "opt for the second one",
    "What are your options",
    "Melden Sie sich bitte",
    "ich melde mich morgen ab 9",
    "Schicken Sie mir nicht mehr als zwei",
    "Don't call me, text me",
]


@pytest.mark.parametrize("text", WISHES)
def test_a_wish_is_asked_about_and_stops_nobody(text: str) -> None:
    assert classify(text) is ConsentWord.SUGGEST
    assert classify(f"  {text.upper()}!!! \n") is ConsentWord.SUGGEST


@pytest.mark.parametrize("text", OTHER_TALK)
def test_near_misses_are_none(text: str) -> None:
    assert classify(text) is ConsentWord.NONE
    assert classify(text.upper()) is ConsentWord.NONE
