"""Every move of a campaign, as a table: state by verb."""

import itertools

import pytest

from gateway.domain.campaigns import OVER, Act, CampaignState, NoMove, move

# "-": refused. "now/later": what it becomes when its time has come, or lies ahead.
TABLE = """
            start               time_came  loaded   pause      resume             cancel     finish
draft       loading/scheduled   -          -        -          -                  -          -
scheduled   loading/scheduled   loading    -        paused     scheduled          cancelled  -
loading     loading             -          running  paused     loading            cancelled  -
running     running             -          -        paused     running            cancelled  completed
paused      -                   -          -        paused     loading/scheduled  cancelled  -
completed   -                   -          -        -          -                  -          -
cancelled   -                   -          -        -          -                  cancelled  -
"""
HEAD, *ROWS = [line.split() for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_moves(row: list[str]) -> None:
    state = CampaignState(row[0])
    for act, wanted in zip(map(Act, HEAD), row[1:], strict=True):
        for later in (False, True):
            if wanted == "-":
                with pytest.raises(NoMove, match="campaign"):
                    move(state, act, later=later)
                continue
            now, _, then = wanted.partition("/")
            assert move(state, act, later=later) == (then or now if later else now), (state, act, later)


def test_the_table_has_every_state_and_every_verb() -> None:
    assert {row[0] for row in ROWS} == set(CampaignState)
    assert set(HEAD) == set(Act)


def test_what_was_written_down_is_not_written_down_again() -> None:
    assert move(CampaignState.PAUSED, Act.RESUME, loaded=True, later=True) is CampaignState.RUNNING


def test_nothing_leads_out_of_the_end() -> None:
    for state, act in itertools.product(OVER, Act):
        try:
            assert move(state, act) is state
        except NoMove:
            continue
