"""CASES 31: Liquid that users write ends soon, whatever it says, and says why it was refused and where."""

import time

import pytest

from gateway.core.errors import Refused
from gateway.core.templates import MAX_SOURCE, check, render

VALUES = {"contact": {"name": "Ada", "fields": {"tier": "gold", "list": ["a", "b"]}}, "message": {"body": "x" * 90_000}}

WELL = [
    ("Hi {{ contact.name }}", "Hi Ada"),
    ("{{ contact.name | upcase | append: '!' }}", "ADA!"),
    ("{% for n in (1..3) %}{{ n }}{% endfor %}", "123"),
    ("{% for n in (1..1000) %}{% endfor %}", ""),
    ("{{ contact.fields.tier | default: 'you' }} ... {{ 'a..b' | upcase }}", "gold ... A..B"),
    ("{{ contact.nickname | default: 'friend' }}", "friend"),
    ("{{ contact.fields.list | join: ', ' }}", "a, b"),
    ("{{ message.body | truncate: 5 }}", "xx..."),
    ("{{ 'now' | date: '%Y' | size }}", "4"),
    ("{% assign n = 7 %}{{ n | times: 6 | plus: 0.5 }}", "42.5"),
]


@pytest.mark.parametrize(("source", "text"), WELL)
def test_what_people_write_works(source: str, text: str) -> None:
    assert render(source, VALUES) == text


HOSTILE = {
    "a loop too long": "{% for i in (1..1001) %}{% endfor %}",
    "loops in loops": "{% for i in (1..500) %}{% for j in (1..500) %}x{% endfor %}{% endfor %}",
    "a table": "{% tablerow i in (1..99999) %}x{% endtablerow %}",
    "doubling": "{% assign a = 'xxxxxxxxxx' %}" + "{% assign a = a | append: a %}" * 40,
    "catching itself": "{% capture a %}xxxxxxxx{% endcapture %}" + "{% capture a %}{{a}}{{a}}{% endcapture %}" * 30,
    "filters on filters": "{{ 'xxxxxxxxxx' " + "| replace: 'x', 'xxxxxxxxxx' " * 12 + "}}",
    "filters in a loop": "{% for i in (1..999) %}{{ message.body | replace: 'x', 'yz' | size }}{% endfor %}",
    "a joined range": "{{ (1..1000000000) | join: ',' | size }}",
    "a sorted range": "{{ (1..30000000) | sort | size }}",
    "a range with a name": "{% assign a = (1..1000000000) %}{{ a | reverse | size }}",
    "a range that contains": "{% if (1..1000000000) contains 'x' %}a{% endif %}",
    "a named range that contains": "{% assign a = (1..1000000000) %}{% if a contains 'x' %}a{% endif %}",
    "a range in a case": "{% case (1..1000000000) %}{% when 'x' %}a{% endcase %}",
    "a range beyond numbers": "{{ (1..99999999999999999999) | size }}",
    "a number without end": "{{ 99999999999 " + "| times: 99999999999 " * 450 + "}}",
    "squares in a loop": "{% assign a = 9999999 %}{% for i in (1..900) %}{% assign a = a | times: a %}{% endfor %}",
    "deep": "{% if true %}" * 300 + "x" + "{% endif %}" * 300,
    "much output": "{% for i in (1..999) %}twelve chars{% endfor %}",
    "division by nothing": "{{ 5 | divided_by: 0 }}",
    "no base64": "{{ 'xx' | base64_decode }}",
    "an infinite number": "{{ '1e999' | plus: 1 | floor }}",
    "another file": "{% include 'x' %}",
    "half of it": "{{ contact.name",
    "no such filter": "{{ contact.name | shout }}",
    "something missing": "{{ code }}",
}


def saved_and_sent(source: str) -> None:
    check(source)
    render(source, VALUES)


@pytest.mark.parametrize("source", HOSTILE.values(), ids=list(HOSTILE))
def test_what_does_too_much_is_refused_within_a_moment(source: str) -> None:
    assert len(source) <= MAX_SOURCE
    began = time.process_time()
    with pytest.raises(Refused) as refused:
        saved_and_sent(source)
    assert time.process_time() - began < 10
    assert refused.value.errors[0].field == "body"
    assert refused.value.errors[0].message


def test_the_place_is_named() -> None:
    with pytest.raises(Refused) as refused:
        check("Hello\n  {{ (1..5) | size }}")
    assert "line 2" in refused.value.errors[0].message
    with pytest.raises(Refused) as refused:
        check("Hello {{ contact.shoe_size }}")
    assert "line 1, column" in refused.value.errors[0].message


@pytest.mark.parametrize("length", [MAX_SOURCE, MAX_SOURCE + 1])
def test_a_template_has_a_length(length: int) -> None:
    if length <= MAX_SOURCE:
        check("x" * length)
    else:
        with pytest.raises(Refused, match="characters"):
            check("x" * length)


def test_what_a_contact_is_called_is_never_a_template() -> None:
    named = {"contact": {"name": "{{ user.name }}{% for i in (1..9) %}x{% endfor %}"}}
    assert render("Hi {{ contact.name }}", named) == f"Hi {named['contact']['name']}"


@pytest.mark.parametrize("values", [{}, {"contact": {"fields": {}}}])
@pytest.mark.parametrize("name", ["contact.first_name", "contact.fields.code", "contact.fields['a b']"])
def test_what_is_missing_is_called_by_its_whole_name(name: str, values: dict[str, object]) -> None:
    """Nothing is known of a stranger: the field is what was asked for all the same."""
    with pytest.raises(Refused) as refused:
        render(f"Hi {{{{ {name} | upcase }}}}", values)
    assert refused.value.errors[0].message == f"{name} has no value here. Give it one, or a default."
