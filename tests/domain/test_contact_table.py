"""Tables of people: columns known by their names, persons from lines, and what is wrong with the others."""

import pytest

from gateway.domain.contact_table import (
    BadLine,
    BadTable,
    check_columns,
    decode,
    guess,
    person_of,
    read_table,
)

HEAD = ("Name", "First", "Last", "Phone", "Mail", "Zone", "Tier")
COLUMNS = {
    "Name": "name",
    "First": "first_name",
    "Last": "last_name",
    "Phone": "address",
    "Mail": "address",
    "Zone": "timezone",
    "Tier": "field:tier",
}


@pytest.mark.parametrize(
    ("cells", "name", "addresses"),
    [
        (("Ada", "", "", "+12025550100", "", "", ""), "Ada", ["+12025550100"]),
        (("", "Ada", "Example", "+1 (202) 555-0100", "A@x.example"), "Ada Example", ["+12025550100", "a@x.example"]),
        (("", "", "", "+12025550100; +12025550101", "", "", ""), None, ["+12025550100", "+12025550101"]),
        (("", "", "", "'+12025550100", "", "", ""), None, ["+12025550100"]),
        (("", "", "", "2025550100"), None, ["+12025550100"]),
    ],
)  # fmt: skip
def test_a_line_names_somebody(cells: tuple[str, ...], name: str | None, addresses: list[str]) -> None:
    person = person_of(cells, HEAD, COLUMNS, "US")
    assert (person.name, [one.value for one in person.addresses]) == (name, addresses)


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (("Ada", "", "", "", "", "", ""), "No number and no e-mail address."),
        (("", "", "", "what?", "", "", ""), "what?"),
        (("", "", "", "+12025550100", "", "Mars/Base", ""), "not a time zone"),
        (("A" * 201, "", "", "+12025550100", "", "", ""), "at most 200"),
        (("", "", "", "+12025550100", "", "", "x" * 2001), "at most 2000"),
        (("", "", "", ";".join(f"+120255501{n:02}" for n in range(21)), "", "", ""), "at most 20"),
    ],
)
def test_a_line_that_names_nobody_says_why(cells: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(BadLine, match=sentence.replace("?", r"\?")):
        person_of(cells, HEAD, COLUMNS, "US")


def test_columns_are_known_by_their_names_in_whatever_case() -> None:
    assert guess(("E-MAIL", "mobile_number", "Vorname", "", "Shoe size")) == {
        "E-MAIL": "address",
        "mobile_number": "address",
        "Vorname": "first_name",
        "Shoe size": "field:Shoe size",
    }


def test_lines_have_their_numbers_in_the_file() -> None:
    table = read_table('\n"Name"\tPhone\r\n\r\n"A\nda"\t1\r\nBo\t2\r\n')
    assert table.head == ("Name", "Phone")
    assert [(line, list(cells)) for line, cells in table.lines] == [(4, ["A\nda", "1"]), (6, ["Bo", "2"])]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "empty"),
        ("Phone\n", "only one line"),
        ("A,A\n1,2\n", "same name"),
        ('A,B\n1,2\n"1,2\n3,4\n', "not a table one can read: from line 3 on"),
        ('A,B\n"O"Brien,2\n', "from line 2 on, what begins with a quotation mark"),
        ("A\n" + "x" * 200_000, "a cell has more than"),
        (",".join(f"c{n}" for n in range(101)) + "\n1\n", "at most 100"),
    ],
)
def test_what_is_no_table_says_so(text: str, sentence: str) -> None:
    with pytest.raises(BadTable, match=sentence):
        read_table(text)


@pytest.mark.parametrize("columns", [{"Z": "address"}, {"A": "shoes"}, {"A": "field: "}, {"A": "name"}])
def test_columns_that_hold_nothing_known_are_refused(columns: dict[str, str]) -> None:
    with pytest.raises(BadTable):
        check_columns(columns, ("A", "B"))


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"'])
def test_a_line_that_spreadsheets_write_for_each_other_names_the_separator(first: str) -> None:
    table = read_table(f"{first}\r\nName, first;Phone\r\nAda;1\r\n")
    assert table.head == ("Name, first", "Phone")
    assert [(line, list(cells)) for line, cells in table.lines] == [(3, ["Ada", "1"])]


def test_utf_16_is_known_without_its_mark() -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        assert decode("Name;Phone\nŠárka;1".encode(encoding)) == "Name;Phone\nŠárka;1"
    assert decode(b"Name;Ph\0ne\nA\0da;1") == "Name;Ph\0ne\nA\0da;1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_texts_are_read_as_their_spreadsheet_wrote_them(encoding: str) -> None:
    assert decode("Jörg;Größe".encode(encoding)) == "Jörg;Größe"
