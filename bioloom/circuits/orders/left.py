"""Left: what the commitments of a plan still await, to the milligram and the lot."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from bioloom.circuits.replanning.undertaken import Undertaken
from bioloom.vocabulary.entries.circuits import CommitmentMade
from bioloom.vocabulary.lots import LotId, Portion
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """What of a commitment was not fulfilled yet, oldest lot first."""

    district: DistrictId
    material: MaterialId
    site: SiteId
    made: CommitmentMade
    lots: tuple[Portion, ...]
    mass_mg: int


def left_of(commitments: Iterable[Undertaken]) -> list[Left]:
    """What is left of each commitment of a plan in force; those fulfilled or ended are left out."""
    found = []
    for one in commitments:
        left_mg = one.made.mass_mg - one.done_mg
        if left_mg > 0 and not one.ended:
            handed: Counter[LotId] = Counter()
            for portion in one.handed:
                handed[portion.lot] += portion.mass_mg
            district, material, site = one.way
            found.append(
                Left(
                    district=district,
                    material=material,
                    site=site,
                    made=one.made,
                    lots=portions_left(one.made.lots, handed, left_mg),
                    mass_mg=left_mg,
                )
            )
    return found


def portions_left(
    portions: Sequence[Portion], done: Mapping[LotId, int], left_mg: int
) -> tuple[Portion, ...]:
    """Portions without what is done of them, oldest first, no more than is left in all.

    Example:
        >>> heaps = [Portion(lot=LotId(name), mass_mg=10) for name in "ab"]
        >>> [one.mass_mg for one in portions_left(heaps, {LotId("a"): 4}, 16)]
        [6, 10]
    """
    gone = Counter(done)
    found = []
    for portion in portions:
        taken_mg = min(gone[portion.lot], portion.mass_mg)
        gone[portion.lot] -= taken_mg
        mass_mg = min(portion.mass_mg - taken_mg, left_mg)
        left_mg -= mass_mg
        if mass_mg:
            found.append(Portion(lot=portion.lot, mass_mg=mass_mg))
    return tuple(found)
