"""Leaving: nobody leaves those who belong, and takes bound lots along."""

from collections.abc import Callable

from bioloom.ledger.covenants.laws.acts import Act
from bioloom.ledger.covenants.laws.looking import Lookup
from bioloom.ledger.covenants.refusing import CovenantForbids
from bioloom.ledger.covenants.standing import Covenants
from bioloom.vocabulary.agents import AgentId


def judge_leaving(
    act: Act, covenants: Covenants, lookup: Lookup, *, number: Callable[[AgentId], int]
) -> None:
    """See that whoever would belong no longer, by themselves or by way of a group, owns nothing.

    Args:
        act: The end of a membership, or another word about one.
        covenants: A copy of all covenants, which is tried out.
        lookup: The record.
        number: The number of an agent.

    Raises:
        CovenantForbids: If somebody does.
    """
    leavers: dict[tuple[int, int], AgentId] = {}
    for covenant, agent in covenants.fold(act.as_entry()).left:
        if covenants.by_number[covenant].binds(act.recorded_ms):
            leavers[covenant, number(agent)] = agent
    if not leavers:
        return
    accounts = {account for _, account in leavers}
    owned = list(lookup.everything_owned(among=accounts))
    lookup.prepare(lot for lot, _ in owned)
    for lot, owners in owned:
        concerned = {covenant for covenant, account in leavers if account in owners}
        for covenant in sorted(concerned & lookup.bound(lot).keys()) if concerned else ():
            account = next(one for one in owners if (covenant, one) in leavers)
            agent = leavers[covenant, account]
            raise CovenantForbids(
                reason="leaves_owning",
                terms=[covenants.by_number[covenant].terms],
                what=f"'{agent}' would leave, and owns {owners[account]:,} units of bound lots.",
                why="What is bound stays among those who belong.",
                remedy="Hand it to somebody who stays first, or let it be released.",
            )
