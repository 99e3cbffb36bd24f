"""The scales there are, and the words that people use for their values, in English and German."""

from collections.abc import Mapping, Sequence

from gateway.sdk.registration import Scale

_NUMBERS: Mapping[int, Sequence[str]] = {
    0: ("zero", "null"),
    1: ("one", "eins"),
    2: ("two", "zwei", "zwo"),
    3: ("three", "drei"),
    4: ("four", "vier"),
    5: ("five", "fünf", "fuenf"),
    6: ("six", "sechs"),
    7: ("seven", "sieben"),
    8: ("eight", "acht"),
    9: ("nine", "neun"),
    10: ("ten", "zehn"),
}
_STAR = "\N{WHITE MEDIUM STAR}"
_GOOD = ("\N{THUMBS UP SIGN}", "\N{SMILING FACE WITH SMILING EYES}", "\N{HEAVY BLACK HEART}")
_BAD = ("\N{THUMBS DOWN SIGN}", "\N{ANGRY FACE}", "\N{POUTING FACE}")

FIVE = Scale(
    "survey_five",
    "Satisfaction, 1 to 5",
    {1: "very bad", 2: "bad", 3: "so so", 4: "good", 5: "very good"},
    frozenset({4, 5}),
)
YES = Scale("survey_yes", "Satisfaction, yes or no", {1: "yes", 0: "no"}, frozenset({1}))
TEN = Scale(
    "survey_ten",
    "Would recommend us, 0 to 10",
    {value: {0: "not at all", 10: "certainly"}.get(value, str(value)) for value in range(11)},
    frozenset({9, 10}),
)
SCALES: Mapping[str, Scale] = {"1 to 5": FIVE, "yes or no": YES, "0 to 10": TEN}
_YES = ("yes", "y", "yep", "yeah", "sure", "ja", "jo", "jawohl", "klar", *_GOOD)
_NO = ("no", "n", "nope", "nein", "nee", "ne", *_BAD)


def answers_of(scale: Scale) -> dict[str, list[str]]:
    """The words of each value."""
    if scale is YES:
        return {"1": list(_YES), "0": list(_NO)}
    answers = {str(value): list(_NUMBERS[value]) for value in scale.points}
    for value in scale.points:
        if scale is FIVE:
            answers[str(value)].append(_STAR * value)
    answers[str(max(scale.points))] += _GOOD
    answers[str(min(scale.points))] += _BAD
    return answers
