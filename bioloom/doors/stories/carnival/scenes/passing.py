"""Passing on: a lot goes into other hands by the word of both: one promises it, one tells of it."""

from datetime import date
from typing import Any, NamedTuple

from bioloom.doors.answers.playing import ActTold
from bioloom.doors.stories.staging import Stage, kilograms_of
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.actions import Action
from bioloom.vocabulary.lots import LotId


class Hands(NamedTuple):
    """Somebody whose hands a lot goes through, and who speaks for them."""

    agent: AgentId
    speaker: AgentId


class Passing(NamedTuple):
    """Some of a lot that passes from one to another."""

    name: str
    what: str
    lot: LotId
    mass_kg: int
    giver: Hands
    receiver: Hands
    action: Action = "transferCustody"

    def said(self) -> dict[str, Any]:
        """What both say of it."""
        return {
            "action": self.action,
            "provider": self.giver.agent,
            "receiver": self.receiver.agent,
            "lot": self.lot,
        }


def promise(stage: Stage, passing: Passing, *, due: date | None = None) -> ActTold:
    """Who gives it says that they will."""
    amount = kilograms_of(passing.mass_kg)
    body = passing.said() | {"commitment": passing.name, "amount": amount, "base_unit": "mg"}
    by = "" if due is None else f" by {due}"
    return stage.happens(
        f"promises {stage.name(passing.receiver.agent)} {passing.mass_kg} kg of {passing.what}{by}",
        "PromiseMade",
        body if due is None else body | {"due": str(due)},
        key=passing.name,
        by=passing.giver.speaker,
    )


def fetch(stage: Stage, passing: Passing) -> ActTold:
    """Who is to have it says that they will fetch it."""
    body = passing.said() | {
        "commitment": passing.name,
        "action": "pickup",
        "provider": passing.receiver.agent,
        "receiver": passing.giver.agent,
        "amount": kilograms_of(passing.mass_kg),
        "base_unit": "mg",
    }
    return stage.happens(
        f"undertakes to fetch {passing.mass_kg} kg of {passing.what} from "
        f"{stage.name(passing.giver.agent)}",
        "PromiseMade",
        body,
        key=passing.name,
        by=passing.receiver.speaker,
    )


def take_in(stage: Stage, passing: Passing) -> ActTold:
    """Who receives it tells that it came."""
    return stage.happens(
        f"takes in {passing.mass_kg} kg of {passing.what} from {stage.name(passing.giver.agent)}",
        "EventHappened",
        _moved(passing),
        key=f"{passing.name}:passed",
        by=passing.receiver.speaker,
    )


def release_of(stage: Stage, passing: Passing, release: str, *, into: LotId) -> ActTold:
    """Who gives it hands it over under a release, into a lot that this makes."""
    district = str(passing.giver.agent).partition(":")[2]
    made = {"lot": into, "material": passing.what, "place": district}
    return stage.happens(
        f"hands {stage.name(passing.receiver.agent)} {passing.mass_kg} kg of {passing.what} under "
        "that release",
        "EventHappened",
        _moved(passing) | {"to_lot": into, "made": made, "releases": [release]},
        key=f"{passing.name}:passed",
        by=passing.giver.speaker,
    )


def _moved(passing: Passing) -> dict[str, Any]:
    amount = kilograms_of(passing.mass_kg)
    return passing.said() | {
        "quantity": amount,
        "stamp": "generated",
        "fulfills": [passing.name],
    }
