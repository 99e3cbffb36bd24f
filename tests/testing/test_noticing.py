"""A check that can't fail is none: for each thing the contract promises, a channel that breaks it."""

import inspect
from pathlib import Path
from typing import Any

import pytest

from gateway.sdk.faults import Fault
from gateway.testing import FakeProvider, Stage
from gateway.testing.contract_arrivals import HARD_TEXTS
from tests.testing import sample, spoilt
from tests.testing import test_sample_contract as kept

TABLE = [
    (spoilt.BelievesAnybody, "a_forged_webhook_is_refused_before_it_is_parsed", {}),
    (spoilt.BelievesAnySignature, "a_forged_webhook_is_refused_before_it_is_parsed", {}),
    (spoilt.BelievesAnySignature, "a_changed_webhook_is_refused_before_it_is_parsed", {}),
    (spoilt.ComparesWithEquals, "a_proof_is_compared_in_constant_time", {}),
    (spoilt.NamesMessagesByChance, "the_same_webhook_again_is_the_same", {}),
    (spoilt.NamesNothing, "the_same_webhook_again_is_the_same", {}),
    (spoilt.KeepsNothingRaw, "what_was_said_is_kept_raw", {}),
    (spoilt.StumblesOverRubbish, "a_broken_payload_is_no_fault", {}),
    (spoilt.RefusesNewFields, "fields_nobody_knows_change_nothing", {}),
    (spoilt.CallsEverythingUnavailable, "a_fault_is_called_what_it_is", {"fault": Fault.RESET}),
    (spoilt.CallsEverythingUnavailable, "a_fault_is_called_what_it_is", {"fault": Fault.THROTTLE}),
    (spoilt.CallsEverythingSent, "a_fault_is_called_what_it_is", {"fault": Fault.HANG}),
    (spoilt.CallsEverythingSent, "a_fault_is_called_what_it_is", {"fault": Fault.RUBBISH}),
    (spoilt.CutsLongTexts, "ten_parts_of_unicode_arrive_whole", {}),
    (spoilt.CountsFromNought, "ten_parts_of_unicode_arrive_whole", {}),
    (spoilt.CallsAllMessagesTheSame, "each_message_has_an_id_of_its_own", {}),
    (spoilt.WillNotBeCancelled, "a_send_can_be_cancelled", {}),
    (spoilt.GoesOnInSecret, "a_send_ends_when_its_deadline_is_over", {}),
    (spoilt.LeavesTasksBehind, "closing_leaves_nothing_running", {}),
    (spoilt.WaitsForItsOwnAnswerFirst, "a_receipt_may_come_before_the_answer", {}),
    (spoilt.LogsItsKey, "secrets_and_texts_are_shown_nowhere", {}),
    (spoilt.QuotesTheText, "secrets_and_texts_are_shown_nowhere", {}),
    (spoilt.ShowsItsPassword, "settings_that_are_secret_say_so", {}),
    (spoilt.GivesItsKeyAway, "media_elsewhere_is_fetched_without_secrets", {}),
    (spoilt.TakesAnyPage, "media_that_is_not_there_is_tried_again", {}),
    (spoilt.ChangesItsMind, "capabilities_are_pure", {}),
    (spoilt.TakesTextsForReceipts, "what_a_contact_wrote_is_a_text", {"body": HARD_TEXTS["a receipt's words"]}),
    (spoilt.SaysYesTooSoon, "what_cannot_be_stored_is_offered_again", {}),
    (spoilt.CallsAllTextsTheSame, "each_of_many_at_once_comes_in", {}),
    (spoilt.DialsForItself, "nothing_private_is_dialled", {}),
    (spoilt.FetchesForItself, "media_on_a_private_address_is_not_fetched", {}),
    (spoilt.AlwaysFeelsWell, "the_test_button_tells_well_from_gone", {}),
]


@pytest.mark.parametrize(
    ("channel", "check", "given"), TABLE, ids=[f"{channel.__name__}-{check[:20]}" for channel, check, _ in TABLE]
)
async def test_it_is_noticed(
    channel: type[sample.SampleChannel],
    check: str,
    given: dict[str, Any],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    contract = type("TestSpoilt", (kept.TestSampleKeepsTheContract,), {"channel": channel})()
    function = getattr(contract, f"test_{check}")
    async with FakeProvider() as far, Stage(channel, contract.settings(far), tmp_path, http_timeout_s=0.4) as stage:
        found = {
            "stage": stage,
            "far": far,
            "caplog": caplog,
            "inbound_case": contract.inbound[0],
            "kind_of_sender": "long_code",
            "tmp_path": tmp_path,
            **given,
        }
        wanted = {name: found[name] for name in inspect.signature(function).parameters}
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            await function(**wanted)
        for task in stage.tasks():
            task.cancel()
        far.release()


def test_every_check_but_the_tables_has_somebody_who_breaks_it() -> None:
    """What is left are the author's own tables, and what the tests of this folder run to its end."""
    checks = {name.removeprefix("test_") for name in dir(kept.TestSampleKeepsTheContract) if name.startswith("test_")}
    checks = {name for name in checks if getattr(kept.TestSampleKeepsTheContract, f"test_{name}") is not None}
    assert checks - {check for _, check, _ in TABLE} == {
        "a_text_arrives_as_it_was_written",
        "after_a_fault_it_sends_again",
        "inbound",
        "outbound",
        "settings_are_strict",
    }
