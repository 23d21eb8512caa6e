"""A mill for tests: fibre of rags from the allotments and of others, and claims of it."""

from datetime import date
from typing import Any

from bioloom.ledger.custody.working_out import worked_out
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.remembering import recall
from bioloom.vocabulary.agents import AIR, AgentId
from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.entries.custody import (
    CertificatesId,
    CertificatesIssued,
    CertificatesRetired,
    CertificatesTransferred,
    Characteristic,
    CharacteristicDeclared,
    CustodyClaimed,
    CustodyId,
    CustodyInputBooked,
    CustodyModel,
    CustodyModelDeclared,
    CustodyUse,
)
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.events import ProcessId, ProcessOpened, ProcessSpecified
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from tests.ledger.events.happenings import MILL, event, record, told
from tests.ledger.records import arrival, noon

ANA, BEN = AgentId("ana"), AgentId("ben")
GREEN = Characteristic("from the allotments")
FIBRE = MaterialId("fibre")
BALANCE, APART, KEPT, BOOKED = map(CustodyId, ("balance", "apart", "kept", "book"))
_MODELS: dict[CustodyId, CustodyModel] = {
    BALANCE: "mass_balance",
    APART: "segregated",
    KEPT: "identity_preserved",
    BOOKED: "book_and_claim",
}


def milligrams(mg: int) -> Amount:
    """An amount as it was reported."""
    return Amount(units=mg, reported=str(mg), unit="mg")


def declared(
    name: CustodyId, *, period_days: int = 10, conversion_per_mille: int = 1000
) -> Draft[Any]:
    """One of the mill's models, from the first of January."""
    is_balance = _MODELS[name] == "mass_balance"
    body = CustodyModelDeclared(
        declaration=name,
        characteristic=GREEN,
        definition="Grown or worn on the allotments; no other rags.",
        model=_MODELS[name],
        operator=ANA,
        site="mill",
        materials=(FIBRE, MaterialId("organics")),
        first_day=date(2024, 1, 1),
        period_days=period_days if is_balance else None,
        conversion_per_mille=conversion_per_mille if is_balance else 1000,
    )
    return told(body, f"model:{name}", day=1)


def green(lot: str, *, by: AgentId = ANA) -> Draft[Any]:
    """By the word of whose lot it was, it came from the allotments."""
    body = CharacteristicDeclared(
        lot=LotId(lot), characteristic=GREEN, declarer=by, evidence="delivery note"
    )
    return told(body, f"green:{lot}", day=1)


def mill(process: str = "p", *, site: str = "mill", operator: AgentId = ANA) -> Draft[Any]:
    """A process at the mill."""
    body = ProcessOpened(
        process=ProcessId(process), specification=MILL, operator=operator, place=site
    )
    return told(body, f"open:{process}", day=1)


def kind() -> Draft[Any]:
    """A kind of process that closes with any loss."""
    body = ProcessSpecified(
        specification=MILL,
        name="Milling",
        definition="Rags are torn and ground to fibre.",
        tolerance_per_mille=None,
        loses_to=(AIR,),
    )
    return told(body, "milling", day=1)


def goes_in(lot: str, mg: int, key: str, *, process: str = "p", day: int = 3) -> Draft[Any]:
    """Some of a lot is ground."""
    body = event("consume", lot, f"{mg} mg", input_of=ProcessId(process))
    return told(body, key, day=day)


def comes_out(
    lot: str, mg: int, key: str, *, process: str = "p", day: int = 4, made: bool = True
) -> Draft[Any]:
    """Some fibre is made."""
    body = event(
        "produce", lot, f"{mg} mg", made="fibre" if made else None, output_of=ProcessId(process)
    )
    return told(body, key, day=day)


def booking(key: str, lot: str, mg: int, *, of: CustodyId = BALANCE) -> CustodyInputBooked:
    """What was ground is a credit."""
    return CustodyInputBooked(
        declaration=of,
        characteristic=GREEN,
        operator=ANA,
        lot=LotId(lot),
        quantity=milligrams(mg),
        event=key,
    )


def claim(lot: str, mg: int, *, of: CustodyId = BALANCE) -> CustodyClaimed:
    """So much of a lot is said to come from the allotments."""
    return CustodyClaimed(
        declaration=of,
        characteristic=GREEN,
        operator=ANA,
        lot=LotId(lot),
        quantity=milligrams(mg),
    )


def issue(lot: str, mg: int, *, name: str = "c") -> CertificatesIssued:
    """Certificates of so much fibre."""
    return CertificatesIssued(
        certificates=CertificatesId(name),
        declaration=BOOKED,
        characteristic=GREEN,
        operator=ANA,
        lot=LotId(lot),
        quantity=milligrams(mg),
    )


def handed_on(mg: int, *, giver: AgentId = ANA, receiver: AgentId = BEN) -> CertificatesTransferred:
    """So many of the certificates go to another."""
    return CertificatesTransferred(
        certificates=CertificatesId("c"), giver=giver, receiver=receiver, quantity=milligrams(mg)
    )


def retired(mg: int, *, holder: AgentId = BEN) -> CertificatesRetired:
    """So many of the certificates are claimed for good."""
    return CertificatesRetired(
        certificates=CertificatesId("c"),
        holder=holder,
        quantity=milligrams(mg),
        purpose="paper of 2024",
    )


def use(journal: Journal, body: CustodyUse, key: str, *, day: int = 5) -> Entry[Any]:
    """Record a claim, with what it rests on worked out of the record."""
    whole = worked_out(body, recall(journal.store), at=noon(day))
    (entry,) = record(journal, told(whole, key, day=day))
    return entry


def rags(*lots: str, mg: int = 1000) -> list[Draft[Any]]:
    """Lots of rags that are the mill's own."""
    return [arrival(lot, mg) for lot in lots]
