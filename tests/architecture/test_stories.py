"""Stories of the browser share a server and come in any order: what one of them makes is nobody else's."""

import re
from collections import defaultdict
from pathlib import Path

STORIES = Path(__file__).parents[1] / "e2e"


def test_a_phone_number_texts_in_one_file() -> None:
    files = defaultdict(set)
    for path in STORIES.glob("*.py"):
        for number in re.findall(r"\+1415\d{7}", path.read_text(encoding="utf-8")):
            files[number].add(path.name)
    assert {number: names for number, names in files.items() if len(names) > 1} == {}
