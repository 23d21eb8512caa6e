"""The attacks, each with a legitimate twin: what is alike, and may be done.

An attack offers what it likes; afterwards attackers must own nothing of what comes from the
commons, and something must have been refused. A twin offers what people do every day; all of it
must be recorded, and the record must hold.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

import msgspec

from bioloom.ledger.covenants.refusing import refused_key
from bioloom.ledger.events.reversing import reverse
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import PIECE
from bioloom.vocabulary.entries.covenants import CovenantEnded, LotReleased
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import ReleaseId
from bioloom.vocabulary.entries.people import MembershipEnded
from bioloom.vocabulary.lots import LotId, Side
from tests.laws.attacks.making import (
    hides_in_a_container,
    launders_by_a_process,
    launders_down_a_chain,
    loses_it_as_vapour,
    loses_it_outside,
    makes_things_of_our_own,
    mixes_among_our_own,
    mixes_into_a_free_lot,
    packs_and_unpacks,
    splits_and_keeps,
    splits_then_transfers,
)
from tests.laws.attacks.raid import ENOUGH, Raid
from tests.laws.attacks.trapping import joins_by_their_own_word, traps_a_stranger
from tests.ledger.covenants.commons import covenant, draft, joining, load

Act = Callable[[Raid], None]


class Attack(NamedTuple):
    """An attack by its name, its legitimate twin, and what the covenant says where it matters."""

    name: str
    attack: Act
    twin: Act


def transfers_out(raid: Raid) -> None:
    receiver = raid.chance.choice(("acme", "newt", "hauler", "outside"))
    sides: tuple[Side, ...] = raid.chance.choice((("rights",), ("rights", "custody")))
    raid.tries(raid.gives(raid.beam(), raid.some(), "river", receiver, sides=sides))


def transfers_inside(raid: Raid) -> None:
    lot, units = raid.beam(), raid.some()
    raid.does(raid.gives(lot, units, "river", "ana"), raid.gives(lot, units, "ana", "milo"))


def keeps_custody_until_it_is_theirs(raid: Raid) -> None:
    lot, units = raid.beam(), raid.some()
    raid.tries(raid.gives(lot, units, "river", "acme", sides=("custody",)))
    raid.today = raid.chance.randint(5, 200)
    raid.tries(
        raid.gives(lot, units, "river", "acme", sides=("rights",)),
        raid.event("consume", lot, units, "acme"),
        raid.event("lower", lot, units, "acme"),
        raid.gives(lot, units, "acme", "newt"),
        raid.gives("beam0", 1, "river", "acme", sides=("custody",)),
    )


def repairs_and_brings_back(raid: Raid) -> None:
    lot, units = raid.beam(), raid.some()
    raid.does(raid.gives(lot, units, "river", "acme", sides=("custody",)))
    raid.today = raid.chance.randint(5, 20)
    raid.does(raid.gives(lot, units, "acme", "river", sides=("custody",)))


def corrects_it_away(raid: Raid) -> None:
    """The owner, the mass, or the whole of an earlier entry is said to have been another."""
    lot = raid.beam()
    arrived = load(lot, ENOUGH)
    changes: list[dict[str, object]] = [
        {"owner": AgentId("acme")},
        {"mass_mg": 1, "reported": "1"},
        {"owner": AgentId("newt"), "holder": AgentId("newt")},
        {"mass_mg": 0, "reported": "0"},
    ]
    for change in raid.chance.sample(changes, 2):
        body = msgspec.structs.replace(arrived.body, **change)
        raid.tries(
            msgspec.structs.replace(arrived, body=body, author=AgentId("acme")), correct=True
        )
    (given,) = raid.does(raid.gives(lot, 10, "river", "ana", key="given"))
    body = msgspec.structs.replace(given.body, receiver=AgentId("acme"))
    raid.tries(draft(body, "given", on=raid.today, author="acme"), correct=True)


def corrects_a_mistake(raid: Raid) -> None:
    arrived = load("beam0", ENOUGH)
    mass_mg = raid.chance.randint(1, 2 * ENOUGH)
    body = msgspec.structs.replace(arrived.body, mass_mg=mass_mg, reported=str(mass_mg))
    if mass_mg != ENOUGH:
        raid.does(msgspec.structs.replace(arrived, body=body, author=AgentId("ana")), correct=True)


def backdates(raid: Raid) -> None:
    """Before the covenant, before the joining, or after its last day."""
    raid.tries(raid.gives("beam0", raid.some(), "river", "acme", on=1))
    raid.tries(joining("newt", "river", on=1), raid.gives("beam1", 5, "river", "newt", on=1))
    raid.today = 40
    raid.tries(raid.gives("beam2", raid.some(), "river", "acme", on=1))


def records_late(raid: Raid) -> None:
    raid.today = raid.chance.randint(10, 40)
    raid.does(raid.gives(raid.beam(), raid.some(), "river", "ana", on=raid.chance.randint(3, 9)))


def dates_ahead(raid: Raid) -> None:
    raid.tries(joining("newt", "river", on=4))
    raid.tries(
        raid.gives(raid.beam(), raid.some(), "river", "newt", on=raid.chance.randint(19, 99))
    )
    raid.tries(raid.gives(raid.beam(), raid.some(), "river", "acme", on=90))


def waits_out_the_cooling_off(raid: Raid) -> None:
    raid.does(joining("bo", "river", on=4))
    raid.today = raid.chance.randint(19, 60)
    raid.does(raid.gives(raid.beam(), raid.some(), "river", "bo"))


def joins_takes_and_leaves(raid: Raid) -> None:
    group = raid.chance.choice(("river", "mill"))
    raid.tries(joining("newt", group, on=4))
    raid.tries(raid.gives("beam0", raid.some(), "river", "newt"))
    raid.today = raid.chance.randint(4, 17)
    raid.tries(raid.gives("beam0", raid.some(), "river", "newt"))
    raid.today = 30
    raid.tries(raid.gives("beam1", 500, "river", "newt"))
    _leaves(raid, "newt", group)
    raid.tries(raid.gives("beam1", 500, "newt", "acme"))
    # Whoever belongs by now may own it; they may not take it along.
    raid.tries(raid.gives("beam1", 500, "newt", "river"))


def _leaves(raid: Raid, member: str, group: str) -> None:
    body = MembershipEnded(member=AgentId(member), group=AgentId(group))
    raid.tries(draft(body, raid.key(), on=raid.today, author=member))


def leaves_with_empty_hands(raid: Raid) -> None:
    units = raid.some()
    raid.does(
        raid.gives("beam0", units, "river", "milo"), raid.gives("beam0", units, "milo", "ana")
    )
    body = MembershipEnded(member=AgentId("milo"), group=AgentId("mill"))
    raid.does(draft(body, raid.key(), on=raid.today, author="milo"))


def brings_a_group_along(raid: Raid) -> None:
    """Somebody who belongs to a member's group, or a member's group that leaves as a whole."""
    raid.tries(joining("acme", raid.chance.choice(("ana", "mill", "river")), on=4))
    raid.tries(raid.gives("beam0", raid.some(), "river", "acme"))
    raid.tries(raid.gives("beam1", 100, "river", "milo"))
    _leaves(raid, "mill", "river")
    raid.tries(raid.gives("beam1", 100, "milo", "acme"))


def inflates_an_estimate(raid: Raid) -> None:
    lot, units = raid.beam(), raid.some()
    raid.tries(
        raid.event("raise", lot, units, "acme"),
        raid.event("raise", lot, units, "river", author="acme"),
        raid.gives(lot, units, "river", "acme"),
    )


def weighs_again(raid: Raid) -> None:
    raid.does(raid.event("raise", "beam0", raid.some(), "river"))
    raid.does(raid.event("lower", "beam0", raid.some(ENOUGH // 100), "river"))


def confuses_units(raid: Raid) -> None:
    """A release of milligrams is used for pieces, or for more than it says."""
    raid.tries(_release(raid, "r1", "beam0", 100, "ana", "bo"))
    raid.tries(_let_go(raid, "beam0", "away1", 100_000, "r1"))
    pieces = raid.event(
        "transfer",
        "beam0",
        100,
        "river",
        "acme",
        to_lot=LotId("away2"),
        made="away2",
        base_unit=PIECE,
        releases=(ReleaseId("r1"),),
    )
    raid.tries(pieces)


def takes_many_small_losses(raid: Raid) -> None:
    """Each is small; together they are all of it."""
    each = raid.chance.randint(1_000, 20_000)
    author = raid.chance.choice(("river", "ana"))
    for _ in range(3 * ENOUGH // 50 // each + 5):
        raid.tries(raid.event("lower", raid.beam(), each, "river", author=author))
        if len(raid.refusals) > 3:
            break


def loses_a_little(raid: Raid) -> None:
    raid.does(raid.event("lower", raid.beam(), raid.some(3 * ENOUGH // 50), "river"))


def releases_by_itself(raid: Raid) -> None:
    """Too few, forged, twice the same, somebody else's, for another lot, amount or receiver."""
    signers = raid.chance.choice(((), ("ana",), ("ana", "ana"), ("acme", "ana"), ("acme",)))
    raid.tries(_release(raid, "r1", "beam0", 100, *signers))
    raid.tries(_let_go(raid, "beam0", "away1", 100, "r1"))
    good = raid.signed(raid.release("r2", "beam1", 100), "ana", "bo")
    assert isinstance(good, LotReleased)
    changed: list[dict[str, object]] = [
        {"units": 200},
        {"lot": LotId("beam2")},
        {"to": AgentId("newt")},
        {"until": date(2030, 1, 1)},
        {"release": ReleaseId("r3")},
    ]
    forged = msgspec.structs.replace(good, **raid.chance.choice(changed))
    raid.tries(draft(forged, "forged", on=raid.today, author="acme"))
    raid.tries(_let_go(raid, str(forged.lot), "away2", 100, str(forged.release)))
    body = CovenantEnded(covenant=covenant().covenant, reason="We want it.")
    raid.tries(draft(raid.signed(body, *signers), "ended", on=raid.today, author="acme"))
    weak = covenant("weak", replaces=covenant().covenant, quorum=1, signers=(AgentId("acme"),))
    raid.tries(draft(raid.signed(weak, *signers, "acme"), "weak", on=raid.today, author="acme"))
    raid.tries(raid.gives("beam0", 100, "river", "acme"))


def uses_a_release_again(raid: Raid) -> None:
    units = raid.some(ENOUGH // 2)
    raid.does(_release(raid, "r1", "beam0", units, "ana", "cleo"))
    raid.does(_let_go(raid, "beam0", "away", units, "r1"))
    raid.tries(
        _let_go(raid, "beam0", "again", raid.some(units), "r1"),
        _let_go(raid, "beam1", "other", units, "r1"),
        _release(raid, "r1", "beam1", units, "ana", "cleo"),
    )
    raid.today = 60  # After its last day.
    raid.tries(_let_go(raid, "beam0", "late", 1, "r1"))


def releases_properly(raid: Raid) -> None:
    units = raid.some()
    raid.does(_release(raid, "r1", "beam0", units, "ana", "cleo"))
    raid.does(_let_go(raid, "beam0", "away", units, "r1"))
    raid.does(raid.gives("away", units, "acme", "newt"))


def _release(raid: Raid, name: str, lot: str, units: int, *signers: str) -> Draft[Any]:
    signed = raid.signed(raid.release(name, lot, units), *signers)
    return draft(signed, f"release:{name}", on=raid.today, author="acme")


def _let_go(raid: Raid, lot: str, made: str, units: int, release: str) -> Draft[Any]:
    return raid.event(
        "transfer",
        lot,
        units,
        "river",
        "acme",
        to_lot=LotId(made),
        made=made,
        releases=(ReleaseId(release),),
    )


def takes_back_a_gift(raid: Raid) -> None:
    (given,) = raid.does(raid.gives("planks", ENOUGH, "acme", "river"))
    raid.tries(draft(reverse(given, reason="mistake"), raid.key(), on=raid.today, author="acme"))
    (split,) = raid.does(raid.into("beam0", "part", 100, "river", "ana"))
    raid.tries(draft(reverse(split, reason="mistake"), raid.key(), on=raid.today, author="ana"))
    raid.tries(raid.gives("part", 1, "ana", "acme"), raid.gives("beam0", 1, "river", "acme"))


def takes_back_a_mistake(raid: Raid) -> None:
    (given,) = raid.does(raid.gives(raid.beam(), raid.some(), "river", "ana"))
    raid.does(draft(reverse(given, reason="mistake"), raid.key(), on=raid.today, author="ana"))


def spends_twice(raid: Raid) -> None:
    """All of it goes to one of us, and then again, to anybody."""
    raid.does(raid.gives("beam0", ENOUGH, "river", "ana"))
    raid.tries(raid.gives("beam0", raid.some(), "river", raid.chance.choice(("milo", "acme"))))
    raid.tries(raid.gives("beam0", ENOUGH + 1, "ana", "milo"))


def spends_once(raid: Raid) -> None:
    raid.does(raid.gives("beam0", ENOUGH, "river", "ana"), raid.gives("beam0", 7, "ana", "milo"))


def names_things_oddly(raid: Raid) -> None:
    """A lot, an agent or a key that looks like another."""
    raid.tries(
        raid.gives("beam0\0", 5, "river", "acme"),
        raid.gives("beam0", 5, "river", "river "),
        raid.gives("beam0", 5, "river", "r\u0456ver"),  # A Cyrillic letter.
        raid.event("transfer", "beam0", 5, "river", "acme", to_lot=LotId("beam0 "), made="beam0 "),
        load("beam0", 5, owner="acme"),
    )


def hides_its_attempt(raid: Raid) -> None:
    """Somebody records something else under the key that the record of the attempt will have."""
    taken = raid.gives(raid.beam(), raid.some(), "river", "acme")
    key = refused_key(taken)
    raid.tries(
        msgspec.structs.replace(raid.gives("planks", 1, "acme", "hauler"), idempotency_key=key)
    )
    raid.tries(taken)
    assert [one.idempotency_key for one in raid.journal.read(kinds=["ActRefused"])] == [key]


ATTACKS = (
    Attack("external transfer", transfers_out, transfers_inside),
    Attack("split, then transfer", splits_then_transfers, splits_and_keeps),
    Attack("mix with a free lot", mixes_into_a_free_lot, mixes_among_our_own),
    Attack("transform to launder", launders_by_a_process, makes_things_of_our_own),
    Attack("transform down a chain", launders_down_a_chain, makes_things_of_our_own),
    Attack("loss to outside", loses_it_outside, loses_it_as_vapour),
    Attack("hide in a container", hides_in_a_container, packs_and_unpacks),
    Attack("custody kept", keeps_custody_until_it_is_theirs, repairs_and_brings_back),
    Attack("correction abused", corrects_it_away, corrects_a_mistake),
    Attack("backdated", backdates, records_late),
    Attack("dated ahead", dates_ahead, waits_out_the_cooling_off),
    Attack("join, take, leave", joins_takes_and_leaves, leaves_with_empty_hands),
    Attack("a group joins or leaves", brings_a_group_along, waits_out_the_cooling_off),
    Attack("trap a stranger", traps_a_stranger, joins_by_their_own_word),
    Attack("inflated estimate", inflates_an_estimate, weighs_again),
    Attack("unit confusion", confuses_units, releases_properly),
    Attack("salami under the tolerance", takes_many_small_losses, loses_a_little),
    Attack("release without a quorum", releases_by_itself, releases_properly),
    Attack("release replayed", uses_a_release_again, releases_properly),
    Attack("reversal abused", takes_back_a_gift, takes_back_a_mistake),
    Attack("double spend", spends_twice, spends_once),
    Attack("look-alike names", names_things_oddly, transfers_inside),
    Attack("hide the attempt", hides_its_attempt, transfers_inside),
)
