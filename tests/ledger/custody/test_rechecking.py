"""Rechecking: a claim that no door would have let in is found by whoever verifies the record."""

import pytest

from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.entries.custody import CustodyUse
from tests.ledger.custody.mill import BOOKED, booking, claim, declared, handed_on, issue, use
from tests.ledger.custody.test_mass_balance import milled
from tests.ledger.events.happenings import record, told


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (booking("in other", "other", 400), "nobody declared it of 'other'"),
        (claim("fibre", 601), "short of credits in period 0"),
        (issue("fibre", 900), "nobody declared it of 'other'"),
    ],
)
def test_a_claim_that_slipped_in_is_found_from_zero(
    body: CustodyUse, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = milled()
    record(journal, declared(BOOKED))
    use(journal, booking("in", "green", 600), "book")
    assert verify(journal.store).holds

    with monkeypatch.context() as asleep:
        asleep.setattr("bioloom.ledger.events.judging.judge_custody", lambda *_: None)
        use(journal, body, "forged")
    verdict = verify(journal.store)

    assert not verdict.holds
    assert any(found in problem.what for problem in verdict.problems)


def test_certificates_given_twice_are_found_from_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    journal = milled()
    monkeypatch.setattr("bioloom.ledger.events.judging.judge_custody", lambda *_: None)
    record(journal, told(handed_on(1), "forged"))

    (problem, *_) = verify(journal.store).problems

    assert "'ana' would be 1 mg short of the certificates 'c'" in problem.what
