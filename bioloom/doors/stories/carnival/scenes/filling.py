"""Filling in: a lot is given by the form of the page, as `/give` takes it."""

from hashlib import sha256
from typing import NamedTuple

from bioloom.doors.answers.playing import ActTold
from bioloom.doors.giving.giving import arrival_of, read_gift
from bioloom.doors.giving.labels import LABEL_BITS, LabelNumber, new_label
from bioloom.doors.giving.recording import record_gift
from bioloom.doors.stories.staging import Stage
from bioloom.ledger.people.people import people_of
from bioloom.ledger.people.permitting import About, may
from bioloom.vocabulary.agents import AgentId


def label_for(stage: Stage, name: str) -> LabelNumber:
    """A label's number that follows from the seed."""
    digest = sha256(f"carnival:{stage.seed}:label:{name}".encode()).digest()
    return new_label(int.from_bytes(digest) >> (len(digest) * 8 - LABEL_BITS))


class Bag(NamedTuple):
    """What somebody brings, and whose it is."""

    number: LabelNumber
    owner: AgentId
    district: str
    material: str
    kilograms: str


def give_by_form(stage: Stage, bag: Bag, *, by: AgentId) -> ActTold:
    """Somebody gives a lot of somebody whom they stand for."""

    def given() -> int:
        city, declared, zone = stage.city, stage.city.journal.declared(), stage.city.settings.zone
        fields = {
            "number": bag.number,
            "material": bag.material,
            "district": bag.district,
            "owner": bag.owner,
            "count": bag.kilograms,
            "measure": "kg",
        }
        gift = read_gift(fields, declared=declared, zone=zone, now=stage.now())
        about = About(sides=(bag.owner,))
        may(by, "give_lot", about, people_of(city.journal), at=stage.now())
        record_gift(city, arrival_of(gift, declared=declared, author=by, zone=zone))
        return stage.head()

    did = f"gives {bag.kilograms} kg of {bag.material} of {stage.name(bag.owner)} by the form"
    return stage.tries(did, "form", by, given)
