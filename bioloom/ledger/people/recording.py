"""Recording: which acts an entry of the ledger amounts to, so that every inlet asks the same."""

from collections.abc import Collection
from typing import Any

import msgspec

from bioloom.ledger.custody.naming import who_says
from bioloom.ledger.people.people import People
from bioloom.ledger.people.permitting import About, may, stands_for
from bioloom.ledger.people.roles import Act
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.actions import ACTIONS
from bioloom.vocabulary.entries.circuits import PlanAdopted, PlanProposed
from bioloom.vocabulary.entries.compositions import CompositionDeclared
from bioloom.vocabulary.entries.contracts import AgreementEnded, AgreementMade
from bioloom.vocabulary.entries.custody import (
    CertificatesRetired,
    CertificatesTransferred,
    CharacteristicDeclared,
    CustodyBody,
    CustodyModelDeclared,
)
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.estimates import EstimateMade
from bioloom.vocabulary.entries.events import (
    ClaimMade,
    EventHappened,
    ProcessOpened,
    ProcessSpecified,
    PromiseMade,
)
from bioloom.vocabulary.entries.ledger import (
    AreaDeclared,
    DistrictDeclared,
    FileTaken,
    LotArrived,
    LotTransferred,
    MaterialDeclared,
    SiteDeclared,
    VehiclesDeclared,
)
from bioloom.vocabulary.entries.receipts import ReceiptReported, WasteReceived
from bioloom.vocabulary.periods import Instant

_Asked = tuple[Act, tuple[AgentId, ...]]
_OF_THE_CITY: dict[type[msgspec.Struct], Act] = {
    FileTaken: "import",
    MaterialDeclared: "declare",
    DistrictDeclared: "declare",
    AreaDeclared: "declare",
    SiteDeclared: "declare",
    VehiclesDeclared: "declare",
    ProcessSpecified: "declare",
    PlanProposed: "propose_plan",
    PlanAdopted: "adopt_plan",
}


def may_record(
    actor: AgentId,
    body: msgspec.Struct,
    people: People,
    *,
    at: Instant,
    agreed: Collection[AgentId] = (),
    replaced: Entry[Any] | None = None,
) -> None:
    """Return if an agent may record an entry with this body now; refuse otherwise.

    The bodies of EventReversed and ProcessClosed do not say whom they bind: ask `may` for
    "correct_entry" with the sides and the author of the entry that is taken back, and for
    "close_process" with the operator. Entries about people have deciding functions of their own.

    Args:
        actor: Who records it.
        body: A lot, an event, a promise, a claim, a declaration or a plan.
        people: Everybody, as the record has them.
        at: Now.
        agreed: Who said yes in the record, such as by a promise that it fulfils.
        replaced: What it corrects, if it is a correction.

    Raises:
        NotPermitted: If nothing in the record permits it.
    """
    asked = acts_of(body, actor, people, at=at)
    if replaced is not None:
        before = acts_of(replaced.body, actor, people, at=at)
        sides = tuple(side for _, some in [*before, *asked] for side in some)
        about = About(sides=sides, agreed=frozenset(agreed), author=replaced.author)
        may(actor, "correct_entry", about, people, at=at)
        return
    for act, sides in asked:
        may(actor, act, About(sides=sides, agreed=frozenset(agreed)), people, at=at)


def acts_of(body: msgspec.Struct, actor: AgentId, people: People, *, at: Instant) -> list[_Asked]:
    """The acts an entry amounts to, each with the sides that it binds; no sides: the whole city."""
    match body:
        case LotArrived(owner=owner, holder=holder):
            # What a household gives or holds needs its own word, at a gate too.
            is_taken_in = not (people.is_private(owner) or people.is_private(holder)) and (
                stands_for(actor, "take_in", holder, people, at=at)
            )
            return [("take_in", (holder,)) if is_taken_in else ("give_lot", (owner, holder))]
        case LotTransferred():
            return [
                ("transfer_rights", (body.giver,))
                if side == "rights"
                else ("transfer_custody", (body.giver, body.receiver))
                for side in body.sides
            ]
        case EventHappened():
            return _acts_of_event(body)
        case PromiseMade() | ClaimMade() | AgreementMade() | AgreementEnded():
            return [("promise", _who_undertakes(body))]
    if (asked := _of_one(body)) is not None:
        return [asked]
    assert type(body) in _OF_THE_CITY, f"what {type(body).__name__} binds is asked elsewhere"
    return [(_OF_THE_CITY[type(body)], ())]


def _of_one(body: msgspec.Struct) -> _Asked | None:
    """What is somebody's own to say, as it is their word or their process, and moves nothing."""
    match body:
        case ProcessOpened(operator=operator):
            return ("open_process", (operator,))
        case (
            WasteReceived(receiver=who)
            | ReceiptReported(receiver=who)
            | EstimateMade(estimator=who)
            | CompositionDeclared(declarer=who)
        ):
            return ("record_event", (who,))
    return _of_custody(body) if isinstance(body, CustodyBody) else None


def _of_custody(body: CustodyBody) -> _Asked:
    match body:
        case CustodyModelDeclared() | CharacteristicDeclared():
            return ("declare_custody", (who_says(body),))
        case CertificatesTransferred() | CertificatesRetired():
            return ("transfer_rights", (who_says(body),))
    return ("record_event", (who_says(body),))


def _who_undertakes(
    body: PromiseMade | ClaimMade | AgreementMade | AgreementEnded,
) -> tuple[AgentId, ...]:
    match body:
        case AgreementMade(parties=parties):
            return parties
        case AgreementEnded(by=by):
            return (by,)
    return (body.provider,)


def _acts_of_event(event: EventHappened) -> list[_Asked]:
    effects = ACTIONS[event.action]
    asked: list[_Asked] = []
    if effects.accounting == "decrementIncrement" and event.provider != event.receiver:
        asked.append(("transfer_rights", (event.provider,)))
    if effects.onhand == "decrementIncrement" and event.provider != event.receiver:
        asked.append(("transfer_custody", (event.provider, event.receiver)))
    return asked or [("record_event", (event.provider, event.receiver))]
