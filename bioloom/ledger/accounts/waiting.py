"""Waiting: what came in and is still in its own district's hands."""

from collections import defaultdict
from typing import NamedTuple

from bioloom.ledger.inventory import opening_stock, without_few
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant, epoch_ms
from bioloom.vocabulary.places import DistrictId
from bioloom.vocabulary.stamps import Stamp


class Waiting(NamedTuple):
    """What waits somewhere [mg], and what its figures stand on."""

    mass_mg: int
    stamps: frozenset[Stamp]


def waiting(
    journal: Journal, before: Instant, since: Instant | None = None
) -> dict[tuple[DistrictId, MaterialId], Waiting]:
    """What came in before an instant and is still in its own district's hands.

    Held back as in `supply_lots` where fewer than ten households are behind it.

    Args:
        journal: The city's record.
        before: Before when it came in.
        since: Since when; at any time unless given.
    """
    stock = opening_stock(journal, epoch_ms(before))
    if since is not None:
        stock = {
            number: (arrival, mass_mg)
            for number, (arrival, mass_mg) in stock.items()
            if epoch_ms(arrival.occurred_at) >= epoch_ms(since)
        }
    arrivals = {number: arrival for number, (arrival, _) in stock.items()}
    found: defaultdict[tuple[DistrictId, MaterialId], Waiting]
    found = defaultdict(lambda: Waiting(0, frozenset()))
    for number, arrival in without_few(journal, arrivals).items():
        body = arrival.body
        mass_mg, stamps = found[body.place, body.material]
        here = Waiting(mass_mg + stock[number][1], stamps | {body.stamp})
        found[body.place, body.material] = here
    return dict(found)
