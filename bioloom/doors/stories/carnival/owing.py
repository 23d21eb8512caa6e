"""Owing: what the company took in under contracts, and is to give back when they end."""

from collections.abc import Iterator, Sequence

from bioloom.doors.stories.carnival.calendar import CONTRACTS_END, GIVEN_BACK_BY
from bioloom.doors.stories.carnival.places import MERIDIAN
from bioloom.doors.stories.days import Day
from bioloom.doors.stories.weighing import exact
from bioloom.vocabulary.amounts import MILLIGRAM
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import ClaimId, ClaimMade
from bioloom.vocabulary.entries.ledger import LotArrived


def take_back(sent: Sequence[LotArrived], day: Day) -> Iterator[Draft[ClaimMade]]:
    """On the day on which the contracts end, the company owes back every lot that it holds.

    Args:
        sent: The lots that went into its hands.
        day: The day.
    """
    if day.date != CONTRACTS_END:
        return
    for load in sent:
        body = ClaimMade(
            claim=ClaimId(f"take-back:{load.lot}"),
            action="transferCustody",
            provider=MERIDIAN,
            receiver=load.owner,
            amount=exact(load.mass_mg),
            base_unit=MILLIGRAM,
            material=load.material,
            due=GIVEN_BACK_BY,
        )
        yield Draft(
            body=body,
            occurred_at=day.at(17 * 60),
            author=MERIDIAN,
            idempotency_key=body.claim,
        )
