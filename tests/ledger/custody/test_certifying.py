"""Book and claim: certificates of production go from hand to hand, and are retired once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.custody.certifying import holders_of
from bioloom.ledger.custody.listing import custody, custody_of_lot
from bioloom.ledger.custody.refusing import CertificatesShort, ClaimsStand, CustodyAmiss, NotCarried
from bioloom.ledger.events.reversing import NotReversible
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.remembering import recall
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.custody import CertificatesId
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.refusal import Refusal
from tests.ledger.custody.mill import (
    ANA,
    APART,
    BALANCE,
    BEN,
    BOOKED,
    booking,
    claim,
    comes_out,
    declared,
    goes_in,
    green,
    handed_on,
    issue,
    kind,
    mill,
    rags,
    retired,
    use,
)
from tests.ledger.custody.test_mass_balance import correction, taken_back
from tests.ledger.events.happenings import journal_with, record, told

CERTIFICATES = CertificatesId("c")


@pytest.fixture
def journal() -> Journal:
    return milled()


def milled() -> Journal:
    """All of 90 mg of fibre is from the allotments."""
    return journal_with(
        *rags("green", "other"),
        green("green"),
        kind(),
        mill(),
        declared(APART),
        declared(BALANCE),
        declared(BOOKED),
        goes_in("green", 100, "in"),
        comes_out("fibre", 90, "out"),
    )


def held(journal: Journal) -> tuple[dict[AgentId, int], int]:
    return holders_of(CERTIFICATES, recall(journal.store))


def test_certificates_are_given_on_and_retired_once(journal: Journal) -> None:
    use(journal, issue("fibre", 90), "issued")
    record(journal, told(handed_on(60), "given"), told(retired(50), "retired"))

    with pytest.raises(CertificatesShort, match="'ben' would be 1 mg short"):
        record(journal, told(retired(11), "twice"))
    with pytest.raises(CertificatesShort, match="'ana' would be 1 mg short"):
        record(journal, told(handed_on(31), "too many"))

    assert held(journal) == ({ANA: 30, BEN: 10}, 50)
    (told_of,) = custody(journal).certificates
    assert (told_of.issued_units, told_of.retired_units) == (90, 50)
    assert verify(journal.store).holds


def test_no_more_is_certified_than_was_made_and_nothing_of_other_rags(journal: Journal) -> None:
    with pytest.raises(CustodyAmiss, match="made 90 mg of it"):
        use(journal, issue("fibre", 91), "issued")
    record(journal, mill("q"), goes_in("other", 9, "q in", process="q"))
    record(journal, comes_out("grey", 9, "q out", process="q"))
    with pytest.raises(NotCarried, match="'other'"):
        use(journal, issue("grey", 9), "issued")
    use(journal, issue("fibre", 50), "half")

    with pytest.raises(CustodyAmiss, match="made 90 mg"):
        use(journal, issue("fibre", 41, name="d"), "rest")
    use(journal, issue("fibre", 40, name="d"), "rest")


def test_a_production_with_certificates_carries_no_physical_claim_nor_is_it_booked(
    journal: Journal,
) -> None:
    use(journal, issue("fibre", 90), "issued")
    record(journal, mill("q"), goes_in("fibre", 80, "on", process="q", day=5))
    record(journal, comes_out("felt", 80, "felt", process="q", day=6))

    with pytest.raises(CustodyAmiss, match="it has certificates"):
        use(journal, claim("fibre", 1, of=APART), "apart")
    with pytest.raises(NotCarried, match="certificates 'c' were issued of 'fibre'"):
        use(journal, claim("felt", 1, of=APART), "felt apart", day=7)
    with pytest.raises(NotCarried, match="certificates 'c'"):
        use(journal, booking("on", "fibre", 80), "book", day=7)


def test_what_is_claimed_or_booked_gets_no_certificates() -> None:
    claimed, booked = milled(), milled()
    use(claimed, claim("fibre", 90, of=APART), "apart")
    use(booked, booking("in", "green", 100), "book")

    with pytest.raises(ClaimsStand, match="apart"):
        use(claimed, issue("fibre", 90), "issued")
    with pytest.raises(NotCarried, match="booked as a credit"):
        use(booked, issue("fibre", 90), "issued")


def test_what_was_given_on_or_retired_is_not_taken_from_under_it(journal: Journal) -> None:
    issued = use(journal, issue("fibre", 90), "issued")
    (given_on,) = record(journal, told(handed_on(60), "given"))
    (gone,) = record(journal, told(retired(50), "retired"))

    with pytest.raises(CertificatesShort, match="'ana' would be 60 mg short"):
        taken_back(journal, issued)
    with pytest.raises(CertificatesShort, match="'ben' would be 50 mg short"):
        taken_back(journal, given_on)
    with pytest.raises(NotReversible, match="CertificatesRetired"):
        taken_back(journal, gone)
    assert isinstance(correction(journal, told(retired(1), "retired")), CustodyAmiss)
    assert isinstance(correction(journal, comes_out("fibre", 80, "out")), ClaimsStand)


def test_certificates_never_issued_are_neither_given_nor_retired(journal: Journal) -> None:
    with pytest.raises(CustodyAmiss, match="nobody issued certificates"):
        record(journal, told(handed_on(1), "given"))
    use(journal, issue("fibre", 90), "issued")
    with pytest.raises(CustodyAmiss, match="goes to nobody else"):
        record(journal, told(handed_on(1, receiver=ANA), "given"))
    with pytest.raises(CustodyAmiss, match="certificates of that name"):
        use(journal, issue("fibre", 1), "again")
    with pytest.raises(CustodyAmiss, match="is not done by the model book_and_claim"):
        use(journal, claim("fibre", 1, of=BOOKED), "claim")


def test_a_lot_tells_what_is_claimed_of_it(journal: Journal) -> None:
    use(journal, claim("fibre", 90, of=APART), "apart")
    facts = recall(journal.store)

    fibre, rags_told = custody_of_lot(LotId("fibre"), facts), custody_of_lot(LotId("green"), facts)

    assert [(one.model, one.units) for one in fibre.claims] == [("segregated", 90)]
    assert [one.evidence for one in rags_told.came_in_with] == ["delivery note"]
    assert custody_of_lot(LotId("other"), facts).claims == ()


hands = st.sampled_from((ANA, BEN, AgentId("cem")))


@given(done=st.lists(st.tuples(hands, hands, st.integers(1, 60), st.booleans()), max_size=8))
def test_certificates_are_conserved_until_they_are_retired(
    done: list[tuple[AgentId, AgentId, int, bool]],
) -> None:
    journal = milled()
    use(journal, issue("fibre", 90), "issued")
    for number, (giver, receiver, units, is_last) in enumerate(done):
        body = (
            retired(units, holder=giver)
            if is_last
            else handed_on(units, giver=giver, receiver=receiver)
        )
        try:
            record(journal, told(body, f"k{number}"))
        except Refusal:
            continue

    holders, retired_units = held(journal)
    assert sum(holders.values()) + retired_units == 90
    assert min(holders.values(), default=0) >= 0
