"""A city with a yard that receives waste: what is told of a load, and what comes out as bodies."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from bioloom.doors.capturing.documents import take_in_documents
from bioloom.doors.capturing.told import Kind, Told
from bioloom.doors.compose import City, found_city
from bioloom.doors.findings import FileReport
from bioloom.doors.recording import Became, record_told
from bioloom.doors.taking import Options
from bioloom.ledger.formats.defra.writing import bodies_of, receipts_of, write_bodies
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import AgentDeclared, MaterialDeclared
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.periods import instant

STEWARD = AgentId("steward")
YARD, WHEELS, BROKER = AgentId("yard"), AgentId("wheels"), AgentId("broker")
API_CODE = "ba6eb330-4f7f-11eb-a2fb-67c34e9ac07c"
AT = "2026-03-04T07:45:00Z"
NOTHING: dict[str, Any] = {"contained": False}


@contextmanager
def yard(folder: Path) -> Iterator[City]:
    """The city, in a folder that does not exist yet; its record holds when it closes."""
    with found_city(folder, timezone="Europe/London", token="t") as city:
        names = {YARD: "North yard", WHEELS: "Green Wheels Ltd", BROKER: "Broker & Daughters"}
        bodies: dict[str, msgspec.Struct] = {
            f"agent:{agent}": AgentDeclared(agent=agent, name=name) for agent, name in names.items()
        }
        bodies["material:mixed"] = MaterialDeclared(
            material=MaterialId("mixed"), name="Mixed", group=GroupId("mixed")
        )
        now = instant(datetime(2026, 1, 1, tzinfo=UTC))
        drafts: list[Draft[Any]] = [
            Draft(body=body, occurred_at=now, author=STEWARD, idempotency_key=key)
            for key, body in bodies.items()
        ]
        city.journal.record(drafts, recorded_at=now)
        yield city
        assert verify(city.journal.store).holds


def tell(city: City, kind: Kind, key: str, body: dict[str, Any], *, at: str = AT) -> Became:
    """Something told as a program would tell it."""
    return record_told(city, [Told(kind=kind, key=key, body=body, occurred_at=at)], author=STEWARD)[
        0
    ]


def lot(
    city: City, name: str, tonnes: str = "2.5", *, stamp: str = "measured", unit: str = "t"
) -> None:
    """A load that comes in at the yard."""
    body = {
        "action": "transfer",
        "provider": "outside",
        "receiver": YARD,
        "stamp": stamp,
        "lot": name,
        "made": {"lot": name, "material": "mixed"},
        "quantity": {"reported": tonnes, "unit": unit},
    }
    assert tell(city, "EventHappened", name, body).outcome == "recorded"


def item(name: str, *codes: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  Any field's.
    return {
        "lot": name,
        "ewc_codes": list(codes or ("02 01 01",)),
        "description": "What came on the lorry",
        "form": "Mixed",
        "containers": 3,
        "container_type": "SKI",
        "pops": NOTHING,
        "hazards": NOTHING,
        "treatments": [treated("R1")],
    } | more


def treated(code: str, tonnes: str = "0.75") -> dict[str, str]:
    return {"code": code, "reported": tonnes, "unit": "t", "stamp": "measured"}


def hazards(*names: str) -> dict[str, Any]:
    components = [{"name": name, "concentration_mg_per_kg": "0.35"} for name in names]
    source = "PROVIDED_WITH_WASTE"
    return {"contained": True, "source": source, "components": components, "codes": ["HP_6"]}


def pops(*codes: str) -> dict[str, Any]:
    components = [{"name": code, "concentration_mg_per_kg": "250"} for code in codes]
    return {"contained": True, "source": "OWN_TESTING", "components": components}


def receipt(*items: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401
    carrier = {
        "agent": WHEELS,
        "name": "Green Wheels Ltd",
        "means": "Rail",
        "registration": "CBDU123456",
    }
    return {
        "movement": "4711",
        "receiver": YARD,
        "site_name": "North yard",
        "authorisation": "PPC/A/9999999",
        "address": {"full": "2 Quay, Leeds", "postcode": "LS10 1AA"},
        "carrier": carrier | more.pop("carrier", {}),
        "items": list(items),
    } | more


def receive(city: City, *items: dict[str, Any], **more: Any) -> Became:  # noqa: ANN401
    """A receipt of some lots, which come in with it."""
    told = receipt(*items, **more)
    for one in items:
        lot(city, one["lot"])
    return tell(city, "WasteReceived", f"receipt:{told['movement']}", told)


def exported(city: City, *, due: bool = False) -> list[dict[str, Any]]:
    """The bodies that come out of a city."""
    receipts = receipts_of(city.journal.standing())
    text = write_bodies(bodies_of(receipts, api_code=API_CODE, to_be_sent=due))
    bodies: list[dict[str, Any]] = json.loads(text)
    return bodies


def taken(city: City, *bodies: object, dry_run: bool = False, correct: bool = False) -> FileReport:
    """What became of a file with some bodies."""
    file = city.folder.parent / "bodies.json"
    file.write_text(json.dumps(bodies[0] if len(bodies) == 1 else bodies), encoding="utf-8")
    asked = Options(as_="defra", dry_run=dry_run, correct=correct)
    report = take_in_documents(city, [file], asked).files[0]
    assert verify(city.journal.store).holds
    return report
