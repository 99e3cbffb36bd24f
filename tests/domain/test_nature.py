"""Nature: who stands behind a message."""

import pytest

from gateway.domain.nature import Nature, is_person


@pytest.mark.parametrize("nature", list(Nature))
def test_only_natural_messages_come_from_a_person(nature: Nature) -> None:
    assert is_person(nature) == (nature.value == "natural")


def test_the_words_are_the_contract_s() -> None:
    assert set(Nature) == {"natural", "keyword", "poll", "form", "auto", "campaign", "test"}
