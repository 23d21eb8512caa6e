"""Owing: contracts with the company, and what it is to give back when they have ended."""

from collections.abc import Iterator, Sequence
from typing import Any

from bioloom.doors.stories.carnival.calendar import CONTRACTS_END, GIVEN_BACK_BY, WEEKS
from bioloom.doors.stories.carnival.places import MERIDIAN, Neighbourhood
from bioloom.doors.stories.days import Day
from bioloom.doors.stories.weighing import exact
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM
from bioloom.vocabulary.entries.contracts import AgreementId, AgreementMade, TakeBack
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import ClaimId, ClaimMade, CommitmentId, PromiseMade
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.quantities import MG_PER_TONNE

# Of a neighbourhood's weekly glass and metals, some went to the company, for as long as contracts
# ran: into its hands, to be given back sorted. They stayed the neighbourhood's.
TO_THE_COMPANY = ("glass", "metals")
# More than a neighbourhood ever sends.
_AT_MOST_MG = 5 * MG_PER_TONNE


def commitment_of(commons: AgentId, material: str) -> CommitmentId:
    """The promise of a neighbourhood to send something to be sorted."""
    return CommitmentId(f"sorting:{commons}:{material}")


def contracts(
    neighbourhoods: Sequence[Neighbourhood], author: AgentId, at: Instant
) -> Iterator[Draft[Any]]:
    """What each neighbourhood and the company agree on when the weeks begin."""
    for one in neighbourhoods:
        commons = one.body.commons
        promises = [commitment_of(commons, material) for material in TO_THE_COMPANY]
        for promise, material in zip(promises, TO_THE_COMPANY, strict=True):
            body = PromiseMade(
                commitment=promise,
                action="transferCustody",
                provider=commons,
                receiver=MERIDIAN,
                amount=exact(_AT_MOST_MG),
                base_unit=MILLIGRAM,
                material=MaterialId(material),
            )
            yield Draft(body=body, occurred_at=at, author=author, idempotency_key=promise)
        agreement = AgreementMade(
            agreement=AgreementId(f"sorting:{commons}"),
            name=f"Sorting for {one.body.name}",
            parties=(commons, MERIDIAN),
            first_day=WEEKS.first,
            last_day=CONTRACTS_END,
            commitments=tuple(promises),
            take_backs=(TakeBack(by=commons, of=MERIDIAN),),
        )
        yield Draft(
            body=agreement,
            occurred_at=at,
            author=author,
            idempotency_key=f"agreement:{agreement.agreement}",
        )


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
