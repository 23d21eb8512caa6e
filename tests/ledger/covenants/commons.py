"""A small commons with a covenant, for tests: who belongs, what they own, and who sign.

"river" is a commons to which "ana" and the group "mill" belong, and "milo" to the mill. "acme" is
somebody else. Ana, Bo and Cleo sign for the covenant; two of them are a quorum.
"""

from datetime import date
from hashlib import sha256
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bioloom.ledger.covenants.refusing import CovenantForbids
from bioloom.ledger.covenants.signing import Decision, message, with_signatures
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.outcomes import Outcome, Refused
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.ledger.stores.protocol import Store
from bioloom.vocabulary.agents import AIR, AgentId, AgentSort
from bioloom.vocabulary.amounts import MILLIGRAM
from bioloom.vocabulary.entries.covenants import (
    CovenantEnacted,
    CovenantId,
    LotReleased,
    Signed,
)
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import (
    ProcessId,
    ProcessOpened,
    ProcessSpecified,
    ReleaseId,
    SpecificationId,
)
from bioloom.vocabulary.entries.ledger import AgentDeclared, CityFounded, LotArrived, LotTransferred
from bioloom.vocabulary.entries.people import KeyDeclared, MembershipAccepted, MembershipBegan
from bioloom.vocabulary.lots import SIDES, LotId, Side
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.places import DistrictId
from tests.ledger.events.happenings import event

TEXT = "What we gather stays ours, and so does what we make of it."
SAWING = SpecificationId("sawing")
RIVER, HAULER = AgentId("river"), AgentId("hauler")
_SORTS: dict[str, AgentSort] = {
    "river": "commons",
    "mill": "organisation",
    "acme": "organisation",
    "hauler": "organisation",
}


def day(number: int, hour: int = 12) -> Instant:
    """An hour of a day of March 2024, or of later months for higher numbers."""
    month, rest = divmod(number - 1, 28)
    return Instant(f"2024-{month + 3:02}-{rest + 1:02}T{hour:02}:00:00.000Z")


def key_of(signer: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha256(signer.encode()).digest())


def public_half(signer: str) -> str:
    raw = key_of(signer).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return raw.hex()


def draft(body: msgspec.Struct, key: str, *, on: int = 1, author: str = "river") -> Draft[Any]:
    return Draft(body=body, occurred_at=day(on), author=AgentId(author), idempotency_key=key)


def joining(member: str, group: str, *, on: int = 1, by: str | None = None) -> Draft[Any]:
    """Somebody joins by their own word, or is put there by somebody else."""
    body = MembershipBegan(member=AgentId(member), group=AgentId(group))
    return draft(body, f"joined:{member}:{group}:{on}", on=on, author=by or member)


def accepting(member: str, group: str, *, on: int = 1, by: str | None = None) -> Draft[Any]:
    """Somebody gives their word for a membership, or somebody else would for them."""
    body = MembershipAccepted(member=AgentId(member), group=AgentId(group))
    return draft(body, f"accepted:{member}:{group}:{on}", on=on, author=by or member)


def beginning() -> list[Draft[Any]]:
    """The city, everybody in it, who belongs where, and the signers' keys."""
    steward = AgentId("steward")
    city = CityFounded(name="Town", timezone="UTC", steward=steward, stamp="measured")
    names = ("river", "mill", "acme", "hauler", "ana", "bo", "cleo", "milo", "newt")
    people = [
        AgentDeclared(agent=AgentId(name), name=name, sort=_SORTS.get(name, "person"))
        for name in names
    ]
    keys = [
        KeyDeclared(agent=AgentId(name), public_key=public_half(name), purpose="signing")
        for name in ("ana", "bo", "cleo", "acme")
    ]
    return [
        draft(city, "city", author="steward"),
        *(draft(body, f"agent:{body.agent}", author="steward") for body in people),
        *(draft(body, f"key:{body.public_key}", author=body.agent) for body in keys),
        joining("ana", "river"),
        joining("mill", "river"),
        joining("milo", "mill"),
    ]


def covenant(name: str = "ours", **terms: object) -> CovenantEnacted:
    said: dict[str, Any] = {
        "covenant": CovenantId(name),
        "commons": RIVER,
        "title": "Ours stays ours",
        "text": TEXT,
        "text_sha256": sha256(TEXT.encode()).hexdigest(),
        "quorum": 2,
        "signers": (AgentId("ana"), AgentId("bo"), AgentId("cleo")),
    }
    return CovenantEnacted(**(said | terms))


def enacting(name: str = "ours", **terms: object) -> Draft[Any]:
    return draft(covenant(name, **terms), f"covenant:{name}", on=2)


def load(
    lot: str,
    mass_mg: int = 1000,
    *,
    owner: str = "river",
    holder: str | None = None,
    on: int = 3,
    material: str = "wood",
) -> Draft[Any]:
    body = LotArrived(
        lot=LotId(lot),
        material=MaterialId(material),
        place=DistrictId("bank"),
        owner=AgentId(owner),
        holder=AgentId(holder or owner),
        mass_mg=mass_mg,
        reported=str(mass_mg),
        unit="mg",
        stamp="measured",
        first_day=date(2024, 3, 1),
        last_day=date(2024, 3, 1),
    )
    return draft(body, lot, on=on, author=owner)


def giving(
    lot: str,
    units: int,
    giver: str,
    receiver: str,
    *,
    on: int = 4,
    sides: tuple[Side, ...] = SIDES,
    author: str | None = None,
) -> Draft[Any]:
    body = LotTransferred(
        lot=LotId(lot),
        mass_mg=units,
        sides=sides,
        giver=AgentId(giver),
        receiver=AgentId(receiver),
    )
    key = f"{lot}:{giver}:{receiver}:{units}:{on}:{','.join(sides)}"
    return draft(body, key, on=on, author=author or giver)


def splitting(
    lot: str,
    made: str,
    units: int,
    giver: str,
    receiver: str,
    *,
    into: bool = False,
    on: int = 4,
    releases: tuple[str, ...] = (),
) -> Draft[Any]:
    """A portion of a lot goes into another, which it makes unless it goes into one."""
    body = event(
        "transfer",
        lot,
        f"{units} mg",
        by=giver,
        to=receiver,
        made=None if into else "wood",
        to_lot=LotId(made),
        releases=tuple(map(ReleaseId, releases)),
    )
    return draft(body, f"{lot}>{made}:{units}:{on}", on=on, author=giver)


def sawing(process: str, *, operator: str = "river", on: int = 4) -> list[Draft[Any]]:
    """A process of sawing, of a kind that tolerates a twentieth and loses to the air."""
    kind = ProcessSpecified(
        specification=SAWING,
        name="Sawing",
        definition="Beams become boards.",
        tolerance_per_mille=100,
        loses_to=(AIR,),
    )
    opened = ProcessOpened(
        process=ProcessId(process), specification=SAWING, operator=AgentId(operator)
    )
    return [
        draft(kind, "sawing", on=1, author="steward"),
        draft(opened, f"open:{process}", on=on, author=operator),
    ]


def consuming(lot: str, units: int, process: str, *, by: str = "river", on: int = 4) -> Draft[Any]:
    body = event("consume", lot, f"{units} mg", by=by, input_of=ProcessId(process))
    return draft(body, f"{lot}>{process}:{units}:{on}", on=on, author=by)


def producing(lot: str, units: int, process: str, *, by: str = "river", on: int = 4) -> Draft[Any]:
    body = event("produce", lot, f"{units} mg", by=by, made="board", output_of=ProcessId(process))
    return draft(body, f"{process}>{lot}:{units}:{on}", on=on, author=by)


class Town:
    """A journal, and what is offered to it day by day."""

    def __init__(self, store: Store | None = None, *, until_day: int = 2) -> None:
        self.journal = Journal(store or MemoryStore())
        self.today = 1
        self.do(*beginning())
        self.today = until_day

    def offer(self, *offered: Draft[Any], correct: bool = False) -> list[Outcome]:
        """Offer drafts, recorded this evening."""
        return self.journal.append(offered, recorded_at=day(self.today, 18), correct=correct)

    def do(self, *offered: Draft[Any]) -> None:
        """Record drafts, all of them."""
        self.journal.record(offered, recorded_at=day(self.today, 18))

    def refusal(self, offered: Draft[Any], *, correct: bool = False) -> CovenantForbids:
        """The refusal of a draft, which a covenant must forbid."""
        (outcome,) = self.offer(offered, correct=correct)
        assert isinstance(outcome, Refused), outcome
        assert isinstance(outcome.refusal, CovenantForbids), outcome.refusal
        return outcome.refusal

    @property
    def city(self) -> str:
        """The hash of the record's first entry."""
        return self.journal.store.rows_at([1])[1].hash.hex()

    def signed(self, decision: Decision, *signers: str) -> Decision:
        """A decision with signatures of some."""
        text = message(decision, city=self.city)
        signatures = [
            Signed(public_key=public_half(one), signature=key_of(one).sign(text).hex())
            for one in signers
        ]
        return with_signatures(decision, signatures)

    def release(self, name: str, lot: str, units: int, *, to: str = "acme") -> LotReleased:
        """A release that nobody has signed yet."""
        return LotReleased(
            release=ReleaseId(name),
            covenant=CovenantId("ours"),
            lot=LotId(lot),
            units=units,
            base_unit=MILLIGRAM,
            to=AgentId(to),
            until=date(2024, 4, 1),
            reason="They fired our kiln.",
        )
