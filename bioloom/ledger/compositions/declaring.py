"""Declaring: whether a composition can be as it is told, and which one of a lot counts."""

from typing import Any

from bioloom.ledger.events.facts import Facts
from bioloom.ledger.events.mentioning import composition_of
from bioloom.ledger.holdings import LotUnknown
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.compositions import Composition, CompositionDeclared
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.refusal import Refusal

_WHOLE_PPM = 1_000_000


class CompositionSenseless(Refusal):
    """A composition that cannot be, or that says nothing."""

    def __init__(self, *, of: str, found: str) -> None:
        self.of, self.found = of, found
        super().__init__(
            what=f"'{of}' cannot be made of this: {found}.",
            why="Shares are counted exactly, and what is not known is left out and never guessed.",
            remedy="Give each share in ppm of its basis, with its standard uncertainty in ppm.",
        )


class NotTheirs(Refusal):
    """Somebody declares the composition of a lot of which they own nothing."""

    def __init__(self, *, lot: LotId, declarer: AgentId) -> None:
        self.lot, self.declarer = lot, declarer
        super().__init__(
            what=f"'{declarer}' owns nothing of lot '{lot}'.",
            why="By what is declared of a lot the processes of others are judged.",
            remedy="Let an owner declare it, and name the laboratory in 'method'.",
        )


def judge_composition(
    body: CompositionDeclared, corrected: Entry[Any] | None, facts: Facts
) -> None:
    """Hold a declaration against its lot.

    Raises:
        LotUnknown: If there is none.
        CompositionSenseless: If its figures cannot be.
        NotTheirs: If its declarer neither owns some of the lot nor declared it before.
    """
    if facts.kind_of(body.lot) is None:
        raise LotUnknown(lot=body.lot)
    judge_shares(body.composition, of=body.lot)
    told = [entry.body for entry in facts.introducing(composition_of(body.lot))]
    told += [] if corrected is None else [corrected.body]
    known = {one.declarer for one in told} | set(facts.owner_units(body.lot))
    if body.declarer not in known:
        raise NotTheirs(lot=body.lot, declarer=body.declarer)


def judge_shares(composition: Composition, *, of: str) -> None:
    """See that the figures of a composition can be.

    Raises:
        CompositionSenseless: If they cannot.
    """
    dry, parts = composition.dry_matter, (composition.carbon, composition.nitrogen)
    stated = [share for share in (dry, *parts) if share is not None]
    if not stated:
        raise CompositionSenseless(of=of, found="it says no share")
    figures = [figure for one in stated for figure in (one.ppm, one.uncertainty_ppm)]
    if min(figures) < 0 or max(figures) > _WHOLE_PPM:
        raise CompositionSenseless(of=of, found="a figure is not from 0 to 1,000,000 ppm")
    if sum(share.ppm for share in parts if share is not None) > _WHOLE_PPM:
        raise CompositionSenseless(of=of, found="carbon and nitrogen are more than all of it")
    if composition.basis == "dry" and dry is None:
        raise CompositionSenseless(of=of, found="shares of dry matter, without how much that is")


def declared_of(lot: LotId, facts: Facts) -> Composition | None:
    """The newest composition declared of a lot; none if nobody declared any."""
    entries = facts.introducing(composition_of(lot))
    return entries[-1].body.composition if entries else None
