"""Attacks that make something else of a lot first: split, mixed, transformed, packed."""

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import PIECE
from bioloom.vocabulary.entries.actions import Action
from bioloom.vocabulary.entries.events import Loss, ProcessId
from bioloom.vocabulary.lots import LotId
from tests.laws.attacks.raid import ENOUGH, Raid


def splits_then_transfers(raid: Raid) -> None:
    lot, giver, units = raid.beam(), "river", ENOUGH
    for depth in range(raid.chance.randint(1, 4)):
        units, receiver = raid.chance.randint(1, units), raid.insider()
        raid.tries(raid.into(lot, f"part{depth}", units, giver, receiver))
        lot, giver = f"part{depth}", receiver
    raid.tries(raid.gives(lot, raid.chance.randint(1, units), giver, "acme"))
    raid.tries(raid.into(lot, "away", raid.chance.randint(1, units), giver, "acme"))


def splits_and_keeps(raid: Raid) -> None:
    units, receiver = raid.some(), raid.insider()
    raid.does(raid.into(raid.beam(), "part", units, "river", receiver))
    raid.does(raid.gives("part", units, receiver, "river"))


def mixes_into_a_free_lot(raid: Raid) -> None:
    units = raid.some()
    target = raid.chance.choice(("planks", "shared"))
    if target == "shared":
        raid.tries(raid.into("planks", "shared", ENOUGH // 2, "acme", "acme"))
        raid.tries(raid.gives("shared", ENOUGH // 4, "acme", "river"))
    raid.tries(
        raid.event("transfer", raid.beam(), units, "river", "river", to_lot=LotId(target)),
        raid.event("transfer", raid.beam(), units, "river", "acme", to_lot=LotId(target)),
        raid.gives(target, units, "river", "acme"),
    )


def mixes_among_our_own(raid: Raid) -> None:
    raid.does(raid.event("transfer", "beam0", raid.some(), "river", to_lot=LotId("beam1")))
    raid.does(raid.gives("planks", raid.some(), "acme", "hauler"))  # Theirs stays free.


def launders_by_a_process(raid: Raid) -> None:
    """Each way in, before or after something was made, through one or several processes."""
    ways: tuple[Action, ...] = ("consume", "accept", "pickup")
    taken = raid.chance.choice(ways)
    lot, units = raid.beam(), raid.some()
    giver = "river" if taken == "consume" else "hauler"
    if giver == "hauler":
        raid.tries(raid.gives(lot, units, "river", "hauler", sides=("custody",)))
    steps = [
        raid.event(taken, lot, units, giver, input_of=ProcessId("p"), author=giver),
        raid.event("produce", "boards", units, "acme", made="boards", output_of=ProcessId("p")),
    ]
    if raid.chance.random() < 0.5:
        steps.reverse()
    raid.tries(raid.opens("p"), *steps)
    raid.closes("p", "acme")
    if raid.chance.random() < 0.5:
        raid.tries(
            raid.opens("q"),
            raid.event("consume", "boards", units, "acme", input_of=ProcessId("q")),
            raid.event("produce", "chairs", units, "acme", made="chairs", output_of=ProcessId("q")),
        )
    # If nothing was refused on the way, it must be now: nothing of it may be theirs.
    raid.tries(raid.gives(lot, 1, "river", "acme"))


def launders_down_a_chain(raid: Raid) -> None:
    lot, units = raid.beam(), raid.some()
    depth = raid.chance.randint(1, 4)
    for number in range(depth):
        process, made = ProcessId(f"p{number}"), f"made{number}"
        owner = "river" if number < depth - 1 else raid.chance.choice(("acme", "newt"))
        raid.tries(
            raid.opens(process, operator="mill"),
            raid.event("consume", lot, units, "river", input_of=process),
            raid.event("produce", made, units, owner, made=made, output_of=process),
        )
        lot = made
    raid.tries(raid.gives(lot, 1, "river", "acme"))


def makes_things_of_our_own(raid: Raid) -> None:
    lot, units = raid.beam(), raid.some()
    raid.does(
        raid.opens("p", operator="mill"),
        raid.event("consume", lot, units, "river", input_of=ProcessId("p")),
        raid.event("produce", "boards", units, "river", made="boards", output_of=ProcessId("p")),
        raid.gives("boards", units, "river", raid.insider()),
    )
    raid.does(
        raid.opens("theirs"),
        raid.event("consume", "planks", units, "acme", input_of=ProcessId("theirs")),
        raid.event("produce", "table", units, "acme", made="table", output_of=ProcessId("theirs")),
        raid.gives("table", units, "acme", "hauler"),
    )


def loses_it_outside(raid: Raid) -> None:
    raid.tries(
        raid.opens("p", operator="mill"),
        raid.event("consume", raid.beam(), 1000, "river", input_of=ProcessId("p")),
    )
    lost = Loss(to=AgentId("outside"), mass_mg=raid.some(1000), stamp="estimated")
    raid.closes("p", "acme", lost)


def loses_it_as_vapour(raid: Raid) -> None:
    raid.does(
        raid.opens("p", operator="mill"),
        raid.event("consume", raid.beam(), 1000, "river", input_of=ProcessId("p")),
        raid.event("produce", "coal", 600, "river", made="coal", output_of=ProcessId("p")),
    )
    raid.closes("p", "mill", Loss(to=AgentId("air"), mass_mg=400, stamp="estimated"))
    assert not raid.refusals


def hides_in_a_container(raid: Raid) -> None:
    lot, outermost = raid.beam(), "crate0"
    raid.tries(raid.crate("crate0", "river"))
    raid.tries(raid.event("combine", lot, raid.some(), "river", container=LotId("crate0")))
    for depth in range(1, raid.chance.randint(1, 3)):
        raid.tries(raid.crate(f"crate{depth}", "river"))
        raid.tries(
            raid.event(
                "combine", outermost, 1, "river", container=LotId(f"crate{depth}"), base_unit=PIECE
            )
        )
        outermost = f"crate{depth}"
    raid.tries(raid.event("transfer", outermost, 1, "river", "acme", base_unit=PIECE))
    raid.tries(raid.event("transferAllRights", outermost, 1, "river", "acme", base_unit=PIECE))


def packs_and_unpacks(raid: Raid) -> None:
    units = raid.some()
    raid.does(
        raid.crate("crate", "river"),
        raid.event("combine", "beam0", units, "river", container=LotId("crate")),
        raid.event("transfer", "crate", 1, "river", "ana", base_unit=PIECE),
        raid.event("separate", "beam0", units, "river", container=LotId("crate")),
        raid.crate("theirs", "acme"),
        raid.event("combine", "planks", units, "acme", container=LotId("theirs")),
        raid.event("transfer", "theirs", 1, "acme", "hauler", base_unit=PIECE),
    )
