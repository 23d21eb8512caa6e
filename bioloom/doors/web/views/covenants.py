"""Covenants and what they refused, as far as one reader may see them.

A covenant is public with its text. Who signs, who belongs and who tried something is told by name
where that is an organisation or a commons; people and households are told to who may see them.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from bioloom.doors.web.guards.reading import Reader
from bioloom.ledger.covenants.standing import Covenant, Covenants, Release
from bioloom.ledger.people.publishing import FEWEST_HOUSEHOLDS
from bioloom.ledger.stores.protocol import Store
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM, BaseUnit
from bioloom.vocabulary.entries.covenants import ActRefused, CovenantEnacted, CovenantId
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import Instant, epoch_ms


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Some agents: those that may be named, and how many others; none where they are few."""

    names: list[AgentId]
    others: int | None


class Bond(msgspec.Struct, frozen=True, kw_only=True):
    """A covenant as a page or a passport tells it. Amounts are of all lots that it binds [mg]."""

    covenant: CovenantId
    title: str
    commons: AgentId
    enacted_by: int
    is_in_force: bool
    until: date | None
    custody_days: int | None
    quorum: int


class CovenantTold(msgspec.Struct, frozen=True, kw_only=True):
    """All of one covenant."""

    bond: Bond
    terms: CovenantEnacted
    signers: Named
    members: Named
    came_in_mg: int
    unaccounted_mg: int
    releases: list[Release]


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a covenant refused. What is of private people is left out for others."""

    seq: int
    at: Instant
    reason: str
    covenants: tuple[CovenantId, ...]
    # None where somebody private is in it whom the reader may not see.
    who: AgentId | None = None
    giver: AgentId | None = None
    receiver: AgentId | None = None
    lot: LotId | None = None
    units: int | None = None
    base_unit: BaseUnit = MILLIGRAM
    what: str = ""


def bond_of(covenant: Covenant, at: Instant) -> Bond:
    """A covenant in short, as of an instant."""
    terms = covenant.terms
    return Bond(
        covenant=terms.covenant,
        title=terms.title,
        commons=terms.commons,
        enacted_by=covenant.seq,
        is_in_force=covenant.binds(epoch_ms(at)),
        until=terms.until,
        custody_days=terms.custody_days,
        quorum=terms.quorum,
    )


def bonds_on(store: Store, lot: int, covenants: Covenants, at: Instant) -> list[Bond]:
    """The covenants that bind a lot now; nothing is asked where there is none at all."""
    if not covenants.by_number:
        return []
    rows = store.bindings.bound([lot])
    bonds = [bond_of(covenants.by_number[row.covenant], at) for row in rows]
    return [bond for bond in bonds if bond.is_in_force]


def tell_covenant(
    reader: Reader, covenant: Covenant, releases: Iterable[Release], at: Instant
) -> CovenantTold:
    """All that a reader may know of a covenant."""
    balance = reader.journal.store.bindings.balance(covenant.number, MILLIGRAM)
    return CovenantTold(
        bond=bond_of(covenant, at),
        terms=covenant.terms,
        signers=_named(reader, covenant.terms.signers, few_count=True),
        members=_named(reader, covenant.members),
        came_in_mg=balance.in_units,
        unaccounted_mg=balance.shrunk_units,
        releases=[
            one
            for one in releases
            if one.terms.covenant == covenant.terms.covenant
            and reader.sees_what_is_between(one.terms.to)
            and reader.knows_lot(one.terms.lot)
        ],
    )


def tell_attempts(reader: Reader, entries: Sequence[Entry[ActRefused]]) -> list[Attempt]:
    """Refusals as a reader may know them, in the order given."""
    return [_attempt(reader, entry) for entry in entries]


def _attempt(reader: Reader, entry: Entry[ActRefused]) -> Attempt:
    body = entry.body
    told = Attempt(
        seq=entry.seq, at=entry.recorded_at, reason=body.reason, covenants=body.covenants
    )
    parties = {entry.author, body.giver, body.receiver} - {None}
    if not reader.sees_what_is_between(*[one for one in parties if one is not None]):
        return told
    is_known = body.lot is not None and reader.knows_lot(body.lot)
    return msgspec.structs.replace(
        told,
        who=entry.author,
        giver=body.giver,
        receiver=body.receiver,
        lot=body.lot if is_known else None,
        what=body.what if is_known or body.lot is None else "",
    )


def _named(reader: Reader, agents: Iterable[AgentId], *, few_count: bool = False) -> Named:
    """Agents by name, where the reader may see them; the others by number, unless they are few.

    How many must sign stands in the terms, so that the signers are counted however few they are.
    """
    known = list(agents)
    names = sorted(agent for agent in known if reader.sees_agent(agent))
    others = len(known) - len(names)
    is_told = few_count or others == 0 or others >= FEWEST_HOUSEHOLDS
    return Named(names=names, others=others if is_told else None)
