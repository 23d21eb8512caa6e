"""Conserving: an element that a process took is in what it made and lost, or the end is refused."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from bioloom.ledger.compositions.conserving import (
    ElementBalance,
    ElementNotConserved,
    conserved,
)
from bioloom.ledger.compositions.declaring import CompositionSenseless, NotTheirs
from bioloom.ledger.compositions.sharing import part_of_gas
from bioloom.ledger.events.processes import ToleranceSenseless
from bioloom.ledger.holdings import LotUnknown
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.remembering import recall
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AIR, AgentId
from bioloom.vocabulary.entries.compositions import (
    Composition,
    CompositionDeclared,
    Conservation,
    Gas,
    Share,
)
from bioloom.vocabulary.entries.events import Loss, ProcessClosed, ProcessId
from bioloom.vocabulary.lots import LotId
from tests.ledger.events.happenings import event, journal_with, milling, opened, record, told
from tests.ledger.records import arrival

P = ProcessId("p")
shares = st.integers(0, 1_000_000)


def carbon(ppm: int, surely: int = 0) -> Composition:
    return Composition(basis="fresh", carbon=Share(ppm=ppm, uncertainty_ppm=surely))


def declared(lot: str, composition: Composition, by: str = "ana") -> CompositionDeclared:
    return CompositionDeclared(
        lot=LotId(lot),
        declarer=AgentId(by),
        method="dry combustion",
        stamp="measured",
        composition=composition,
    )


def mill(
    in_mg: int,
    out_mg: int,
    *,
    rags: Composition | None,
    fibre: Composition | None,
    per_mille: int = 0,
) -> Journal:
    """A mill that conserves carbon, with its only input and output."""
    conserves = (Conservation(element="carbon", tolerance_per_mille=per_mille),)
    specified = milling(tolerance_per_mille=1000)
    specified = structs.replace(
        specified, body=structs.replace(specified.body, conserves=conserves)
    )
    journal = journal_with(arrival("rags", in_mg), specified, opened())
    if rags is not None:
        record(journal, told(declared("rags", rags), "rags lab"))
    record(
        journal,
        told(event("consume", "rags", f"{in_mg} mg", input_of="p"), "in"),
        told(event("produce", "fibre", f"{out_mg} mg", output_of="p", made="fibre"), "out"),
    )
    if fibre is not None:
        record(journal, told(declared("fibre", fibre), "fibre lab"))
    return journal


def close(journal: Journal, residual_mg: int, *losses: Loss) -> None:
    record(journal, told(ProcessClosed(process=P, residual_mg=residual_mg, losses=losses), "end"))


def balance(journal: Journal) -> ElementBalance:
    return conserved(P, recall(journal.store)).elements[0]


@given(
    in_mg=st.integers(1, 10**9),
    out_mg=st.integers(1, 10**9),
    rags=shares,
    fibre=shares,
    per_mille=st.integers(0, 1000),
)
def test_an_exact_composition_is_conserved_to_its_tolerance_and_no_further(
    in_mg: int, out_mg: int, rags: int, fibre: int, per_mille: int
) -> None:
    out_mg = min(in_mg, out_mg)
    journal = mill(in_mg, out_mg, rags=carbon(rags), fibre=carbon(fibre), per_mille=per_mille)
    is_within = 1000 * abs(in_mg * rags - out_mg * fibre) <= in_mg * rags * per_mille

    assert balance(journal).is_conserved == is_within
    if is_within:
        close(journal, in_mg - out_mg)
        assert verify(journal.store).problems == []
    else:
        with pytest.raises(ElementNotConserved, match="of carbon unaccounted for"):
            close(journal, in_mg - out_mg)


@given(rags=st.integers(300_000, 500_000), surely=st.integers(1, 50_000), off=st.integers(-9, 9))
def test_the_uncertainty_of_what_is_declared_is_tolerated_twice(
    rags: int, surely: int, off: int
) -> None:
    journal = mill(1000, 1000, rags=carbon(rags, surely), fibre=carbon(rags + off * 10_000))

    assert balance(journal).is_conserved == (abs(off) * 10_000 <= 2 * surely)


@given(rags=shares)
def test_what_nobody_declared_is_not_known_and_not_judged(rags: int) -> None:
    journal = mill(100, 90, rags=carbon(rags), fibre=None)

    found = balance(journal)
    close(journal, 10)

    assert (found.unknown, found.residual_mg, found.is_conserved) == (["fibre"], None, None)


def test_a_gas_takes_the_carbon_of_its_formula_along() -> None:
    journal = mill(44_009, 1, rags=carbon(1_000_000), fibre=carbon(0))
    vapour = Loss(to=AIR, mass_mg=44_008, stamp="estimated", gas="CO2")
    with pytest.raises(ElementNotConserved, match="31999 mg of carbon") as refusal:
        close(journal, 0, vapour)

    assert "of which gas" in refusal.value.remedy
    assert refusal.value.element == "carbon"


@pytest.mark.parametrize(
    ("gas", "nitrogen", "carbon_share"),
    [("CO2", 0, 0.2729), ("CH4", 0, 0.7487), ("NH3", 0.8224, 0), ("N2O", 0.6365, 0), ("H2O", 0, 0)],
)
def test_gases_have_the_shares_of_their_atomic_weights(
    gas: Gas, nitrogen: float, carbon_share: float
) -> None:
    found = [part_of_gas(gas, element) for element in ("nitrogen", "carbon")]

    assert [round(float(one.fraction), 4) for one in found if one] == [nitrogen, carbon_share]


@given(dry=shares, part=shares)
def test_a_share_of_dry_matter_is_the_product_of_both(dry: int, part: int) -> None:
    of_dry = Composition(
        basis="dry",
        dry_matter=Share(ppm=dry, uncertainty_ppm=0),
        carbon=Share(ppm=part, uncertainty_ppm=0),
    )
    journal = mill(10**6, 10**6, rags=of_dry, fibre=carbon(0))
    expected = Fraction(dry * part, 10**6)

    assert balance(journal).residual_mg == -(-expected.numerator // expected.denominator)


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (declared("unheard", carbon(1)), LotUnknown),
        (declared("rags", carbon(1_000_001)), CompositionSenseless),
        (declared("rags", carbon(1, -1)), CompositionSenseless),
        (declared("rags", Composition(basis="fresh")), CompositionSenseless),
        (declared("rags", structs.replace(carbon(1), basis="dry")), CompositionSenseless),
        (declared("rags", carbon(1), by="ben"), NotTheirs),
    ],
)
def test_a_composition_that_cannot_be_or_is_of_anothers_lot_is_refused(
    body: CompositionDeclared, refusal: type[Exception]
) -> None:
    journal = journal_with(arrival("rags", 10))

    with pytest.raises(refusal, match=r"rags|unheard"):
        record(journal, told(body, "lab"))


def test_a_loss_is_a_gas_or_has_a_composition_and_not_both() -> None:
    journal = mill(100, 90, rags=None, fibre=None)
    both = Loss(to=AIR, mass_mg=1, stamp="estimated", gas="CH4", composition=carbon(1))

    with pytest.raises(CompositionSenseless, match="CH4 to air"):
        close(journal, 9, both)


def test_a_kind_of_process_that_conserves_an_element_twice_is_refused() -> None:
    specified = milling()
    twice = (Conservation(element="carbon"), Conservation(element="carbon"))

    with pytest.raises(ToleranceSenseless, match="milling"):
        journal_with(
            structs.replace(specified, body=structs.replace(specified.body, conserves=twice))
        )
