"""Trapping: who is somebody else is made a member, so that a covenant would bind what is theirs."""

from typing import Any

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.people import MembershipEnded
from tests.laws.attacks.raid import ENOUGH, Raid
from tests.ledger.covenants.commons import (
    RIVER,
    accepting,
    covenant,
    draft,
    joining,
    load,
)


def traps_a_stranger(raid: Raid) -> None:
    """Newt is let in without a word, others say yes for them, and a covenant is enacted over it."""
    by = raid.chance.choice(("steward", "river", "ana", "acme"))
    raid.does(load("coat", ENOUGH, owner="newt", on=4))
    steps = [
        joining("newt", raid.chance.choice(("river", "mill")), on=raid.chance.randint(1, 4), by=by),
        *(accepting("newt", group, on=4, by=by) for group in ("river", "mill")),
        _trap(raid),
    ]
    if raid.chance.random() < 0.5:
        raid.chance.shuffle(steps)
    raid.tries(*steps)
    raid.tries(raid.gives(raid.beam(), raid.some(), "river", "newt"))  # So as to hold them fast.
    raid.today = raid.chance.randint(19, 60)
    raid.tries(raid.gives(raid.beam(), raid.some(), "river", "newt"))
    units = raid.some(ENOUGH - 1)
    raid.does(load("hat", ENOUGH, owner="newt", on=raid.today))
    for lot in ("coat", "hat"):
        raid.does(raid.gives(lot, units, "newt", "hauler"), raid.gives(lot, 1, "newt", "outside"))
    for group in ("river", "mill"):
        gone = MembershipEnded(member=AgentId("newt"), group=AgentId(group))
        raid.does(draft(gone, raid.key(), on=raid.today, author="newt"))


def joins_by_their_own_word(raid: Raid) -> None:
    """Bo is let in, says yes, and has a share in what is bound once the cooling-off is over."""
    raid.does(
        load("coat", ENOUGH, owner="bo", on=4),
        joining("bo", "river", on=4, by="steward"),
        raid.gives("coat", 1, "bo", "acme"),  # Still theirs alone.
        accepting("bo", "river", on=4),
    )
    raid.today = raid.chance.randint(19, 60)
    raid.does(
        raid.gives(raid.beam(), raid.some(), "river", "bo"), raid.gives("coat", 1, "bo", "ana")
    )


def _trap(raid: Raid) -> Draft[Any]:
    terms = covenant("trap", cooling_off_days=0, quorum=1, signers=(AgentId("acme"),))
    return draft(terms, "covenant:trap", on=raid.today, author=RIVER)
