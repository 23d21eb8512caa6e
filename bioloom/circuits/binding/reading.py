"""Reading: which of the lots that a plan counts covenants bind, and where each may go.

A plan hands over a lot for good, so a bound one goes only to a site whose operator belongs under
every covenant that binds it, or to whom a release that serves lets it go; and to no site whose
process one of them forbids.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bioloom.circuits.layout.bonds import Bond, Bound, BoundHeap
from bioloom.circuits.posing import Node
from bioloom.ledger.covenants.standing import Covenant, Covenants, covenants_of
from bioloom.ledger.declared import Declared
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.remembering import numbers_of
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM
from bioloom.vocabulary.entries.circuits import BoundMass
from bioloom.vocabulary.entries.covenants import CovenantId
from bioloom.vocabulary.lots import LotId, Portion
from bioloom.vocabulary.periods import epoch_ms
from bioloom.vocabulary.places import SiteId


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonds:
    """What covenants bind of what is offered: by district and material, and by lot [mg]."""

    heaps: Bound = field(default_factory=dict)
    of_lot: Mapping[LotId, tuple[tuple[Bond, int], ...]] = field(default_factory=dict)

    def bound_of(self, portions: Iterable[Portion]) -> tuple[BoundMass, ...]:
        """What of some lots is bound; of one that several bonds hold, by the last: releases."""
        mass_mg: Counter[Bond] = Counter()
        for portion in portions:
            for bond, _ in self.of_lot.get(portion.lot, ())[-1:]:
                mass_mg[bond] += portion.mass_mg
        return tuple(
            BoundMass(covenants=bond.covenants, mass_mg=mass, releases=bond.releases)
            for bond, mass in sorted(mass_mg.items())
        )


NO_BONDS = Bonds()


def bonds_of(journal: Journal, declared: Declared, lots: Mapping[Node, Sequence[Portion]]) -> Bonds:
    """What covenants bind of some lots, as the record has it at its end.

    Where there never was a covenant, nothing is read but that.
    """
    if not journal.store.bindings.has_any():
        return NO_BONDS
    known = covenants_of(journal.store)
    at = journal.head().recorded_at
    if not known.by_number or at is None:
        return NO_BONDS
    now = _Now(known, declared, epoch_ms(at))
    binding = _binding(journal, known, [lot.lot for held in lots.values() for lot in held], now)
    of_lot: dict[LotId, tuple[tuple[Bond, int], ...]] = {}
    heaps: dict[Node, tuple[BoundHeap, ...]] = {}
    for node, held in sorted(lots.items()):
        mass_mg: defaultdict[Bond, int] = defaultdict(int)
        for portion in held:
            if portion.lot in binding:
                of_lot[portion.lot] = tuple(now.bonds(portion, binding[portion.lot]))
                for bond, bound_mg in of_lot[portion.lot]:
                    mass_mg[bond] += bound_mg
        if mass_mg:
            heaps[node] = tuple(
                BoundHeap(bond, mass, now.sites(bond)) for bond, mass in sorted(mass_mg.items())
            )
    return Bonds(heaps=heaps, of_lot=of_lot)


def _binding(
    journal: Journal, known: Covenants, lots: Sequence[LotId], now: "_Now"
) -> dict[LotId, tuple[CovenantId, ...]]:
    """The covenants that bind each of some lots now, by name and in order; lots free left out."""
    name_of = {number: lot for lot, number in numbers_of(journal.store, lots).items()}
    found: defaultdict[LotId, set[CovenantId]] = defaultdict(set)
    for row in journal.store.bindings.bound(list(name_of)):
        covenant = known.by_number[row.covenant]
        if covenant.binds(now.at_ms):
            found[name_of[row.lot]].add(covenant.terms.covenant)
    return {lot: tuple(sorted(covenants)) for lot, covenants in found.items()}


class _Now:
    """What covenants let go where at an instant."""

    def __init__(self, known: Covenants, declared: Declared, at_ms: int) -> None:
        self._known, self._declared, self.at_ms = known, declared, at_ms
        self._sites: dict[Bond, frozenset[SiteId]] = {}
        self._releases = {
            name: release.terms
            for name, release in known.releases.items()
            if at_ms < release.until_ms and release.terms.base_unit == MILLIGRAM
        }

    def bonds(
        self, portion: Portion, covenants: tuple[CovenantId, ...]
    ) -> Iterable[tuple[Bond, int]]:
        """What of a lot each bond holds: what is not released first."""
        releases = sorted(
            (name, terms) for name, terms in self._releases.items() if terms.lot == portion.lot
        )
        left_mg, freed = portion.mass_mg, []
        for name, terms in releases:
            units = min(terms.units, left_mg)
            left_mg -= units
            freed.append((Bond(covenants, (name,)), units))
        return [(bond, mass) for bond, mass in [(Bond(covenants), left_mg), *freed] if mass]

    def sites(self, bond: Bond) -> frozenset[SiteId]:
        """The sites to which what a bond holds may go."""
        if bond not in self._sites:
            covenants = [self._known.by_id[name] for name in bond.covenants]
            released = [self._releases[name] for name in bond.releases]
            to = {(terms.covenant, terms.to) for terms in released}
            self._sites[bond] = frozenset(
                name
                for name, site in self._declared.sites.items()
                if all(self._lets(one, site.operator, site.process, to) for one in covenants)
            )
        return self._sites[bond]

    def _lets(
        self,
        covenant: Covenant,
        operator: AgentId,
        process: str,
        to: set[tuple[CovenantId, AgentId]],
    ) -> bool:
        terms = covenant.terms
        if process in terms.forbidden:
            return False
        return covenant.counts(operator, self.at_ms) or (terms.covenant, operator) in to
