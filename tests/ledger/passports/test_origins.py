"""Origins: shares of mass through mixes and processes, both ways, that add up to the whole."""

from fractions import Fraction
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.events.reversing import reverse
from bioloom.ledger.holdings import LotUnknown
from bioloom.ledger.passports import origins as module
from bioloom.ledger.passports.mixing import Flow, Source, Vessel, mix
from bioloom.ledger.passports.origins import (
    OriginsTooMany,
    destinations_of,
    discarders_of,
    origins_of,
)
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.amounts import PIECE
from bioloom.vocabulary.lots import LotId
from tests.ledger.events.happenings import event, journal_with, milling, opened, record, told
from tests.ledger.records import arrival
from tests.ledger.test_tracing import rags_to_paper

HEAPS = [Vessel(LotId(name)) for name in "abc"]
flows = st.lists(
    st.builds(
        lambda giver, receiver, units: Flow(
            () if giver is None else (giver,),
            receiver,
            units,
            Source("arrived", LotId(f"from {giver}")),
        ),
        st.sampled_from([None, *HEAPS]),
        st.sampled_from([None, *HEAPS]),
        st.integers(1, 10**9),
    ),
    max_size=30,
)


def came_of(journal: Journal, name: str) -> dict[str, str]:
    return {one.lot: str(one.share) for one in origins_of(journal, LotId(name))}


def went_to(journal: Journal, name: str) -> dict[str, str]:
    found = destinations_of(journal, LotId(name))
    return {one.lot or "": str(one.share) for one in found}


@given(flows)
def test_shares_of_whatever_was_mixed_add_up_to_one(flows: list[Flow]) -> None:
    for content in mix(flows).values():
        assert sum(content.shares().values()) == 1
        assert all(share > 0 for share in content.shares().values())


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(1, 10**12)), min_size=1))
def test_what_is_only_poured_together_has_the_shares_of_what_was_poured(
    poured: list[tuple[str, int]],
) -> None:
    heap = Vessel(LotId("heap"))
    mixed = mix(Flow((), heap, units, Source("arrived", LotId(lot))) for lot, units in poured)

    for source, share in mixed[heap].shares().items():
        mine = sum(units for lot, units in poured if lot == source.lot)
        assert share == Fraction(mine, sum(units for _, units in poured))


def test_a_lot_has_shares_of_all_that_went_into_its_processes() -> None:
    journal = rags_to_paper()

    assert came_of(journal, "stock") == {"wool": "2/3", "linen": "1/3"}
    first = origins_of(journal, LotId("stock"))[0]
    assert (first.kind, first.place, first.owner) == ("arrived", "north", "ana")


def test_a_lot_is_shared_out_over_all_that_was_made_of_it_and_what_is_lost() -> None:
    journal = rags_to_paper()

    # Of 15 that were torn together, 10 are wool; 12 became paper, of which ben has 4.
    assert went_to(journal, "wool") == {"paper": "8/15", "stock": "4/15", "": "1/5"}
    assert went_to(journal, "silk") == {"silk": "1"}


def discarded(journal: Journal, name: str) -> dict[str | None, str]:
    found = discarders_of(origins_of(journal, LotId(name)))
    return {one.agent: str(one.share) for one in found}


def test_who_discarded_a_lot_is_told_through_every_mix_with_their_shares() -> None:
    journal = journal_with(
        arrival("clay", 10), arrival("loam", 20, owner="ben"), arrival("sand", 30)
    )
    record(
        journal,
        told(event("transfer", "clay", "10 mg", to="ben", to_lot="heap", made="organics"), "1"),
        told(event("transfer", "sand", "30 mg", to="ben", to_lot="heap"), "2"),
        told(event("move", "loam", "20 mg", by="ben", to="ben", to_lot="heap"), "3"),
        told(
            event("transfer", "heap", "6 mg", by="ben", to="ana", to_lot="pot", made="organics"),
            "4",
        ),
    )

    assert discarded(journal, "pot") == {"ana": "2/3", "ben": "1/3"}


def test_nobody_is_said_to_have_discarded_what_came_of_nothing_recorded() -> None:
    journal = journal_with(milling(tolerance_per_mille=None), opened())
    record(journal, told(event("produce", "new", "2 mg", output_of="p", made="fibre"), "1"))

    assert discarded(journal, "new") == {None: "1"}


def test_what_is_taken_out_before_something_else_came_in_has_nothing_of_it() -> None:
    journal = journal_with(arrival("clay", 10), arrival("sand", 30), arrival("loam", 10))
    record(
        journal,
        told(event("transfer", "clay", "10 mg", to="ben", to_lot="heap", made="organics"), "1"),
        told(event("transfer", "heap", "5 mg", by="ben", to_lot="bag", made="organics"), "2"),
        told(event("transfer", "sand", "15 mg", to="ben", to_lot="heap"), "3"),
    )

    assert came_of(journal, "bag") == {"clay": "1"}
    assert came_of(journal, "heap") == {"sand": "3/4", "clay": "1/4"}


def test_what_was_taken_back_or_corrected_has_no_share() -> None:
    journal = rags_to_paper()
    record(journal, told(reverse(journal.current(["6"])["6"], reason="mistake"), "undo"))

    assert went_to(journal, "wool") == {"paper": "4/5", "": "1/5"}


def test_what_nobody_knows_the_origin_of_is_its_own_and_says_so() -> None:
    journal = journal_with(milling(tolerance_per_mille=None), opened())
    record(
        journal,
        told(event("raise", "found", "4 piece", made="chair", base_unit=PIECE), "1"),
        told(event("produce", "new", "2 mg", output_of="p", made="fibre"), "2"),
    )

    assert [one.kind for one in origins_of(journal, LotId("found"))] == ["counted"]
    assert [one.kind for one in origins_of(journal, LotId("new"))] == ["made"]
    with pytest.raises(LotUnknown, match="'never' is not in the record"):
        origins_of(journal, LotId("never"))


def test_too_much_kin_is_refused_and_not_guessed() -> None:
    with (
        patch.object(module, "MOST_LOTS", 3),
        pytest.raises(OriginsTooMany, match="kin to 'stock'"),
    ):
        origins_of(rags_to_paper(), LotId("stock"))
