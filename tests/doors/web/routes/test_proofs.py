"""What the page gives to whoever does not trust it: a head to keep, and proofs of entries."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from bioloom.doors.compose import City, found_city
from bioloom.doors.keys.signing import Signer
from bioloom.doors.web.app import make_app
from bioloom.ledger.proofs.checking import check
from bioloom.ledger.proofs.notes import read_key
from bioloom.vocabulary.agents import AgentId, AgentSort
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import AgentDeclared
from tests.ledger.records import LATER, STEWARD, arrival

Client = TestClient[Litestar]


def agent(name: str, sort: AgentSort) -> Draft[Any]:
    body = AgentDeclared(agent=AgentId(name), name=name, sort=sort)
    return Draft(body=body, occurred_at=LATER, author=STEWARD, idempotency_key=f"agent:{name}")


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with found_city(tmp_path / "verdiva", token="t") as city:
        agents = [agent("commons:north", "commons"), agent("ana", "household")]
        lots = [arrival("peel", 5, owner="commons:north"), arrival("hers", 5, owner="ana")]
        city.journal.record([*agents, *lots], recorded_at=LATER)
        yield city


@pytest.fixture
def client(city: City) -> Iterator[Client]:
    with TestClient(
        make_app(city), base_url="http://127.0.0.1:8000", raise_server_exceptions=False
    ) as client:
        yield client


def signing(city: City) -> str:
    return str(Signer(city).make_key(author=STEWARD))


def seqs(city: City) -> dict[str, int]:
    return {entry.idempotency_key: entry.seq for entry in city.journal.read()}


def test_the_head_is_shown_and_kept_and_checks_with_the_citys_key(
    city: City, client: Client
) -> None:
    key = signing(city)
    note = client.get("/api/head/note")

    assert note.status_code == 200
    assert note.headers["content-disposition"] == 'attachment; filename="entry-7.head"'
    assert check(note.text, read_key(key)).head.size == city.journal.head().seq
    answer = client.get("/api/head").json()
    assert (answer["note"], answer["key"], answer["seq"]) == (note.text, key, 7)
    page = client.get("/record").text
    assert key.replace("+", "&#43;") in page or key in page
    assert 'href="/api/head/note"' in page


def test_an_entry_is_proven_from_an_older_head_on(city: City, client: Client) -> None:
    key = signing(city)
    held = client.get("/api/head/note").text
    city.journal.record([arrival("paper", 5, owner="commons:north")], recorded_at=LATER)

    proof = client.get(f"/api/proofs/{seqs(city)['peel']}?since=7")

    checked = check(proof.text, read_key(key), held=held)
    assert '"lot":"peel"' in (checked.entry or "")
    assert len(checked.said) == 3
    assert proof.headers["content-disposition"].startswith("attachment")
    assert (
        f'href="/api/proofs/{seqs(city)["peel"]}"'
        in client.get(f"/record/{seqs(city)['peel']}").text
    )


def test_what_is_a_households_own_is_proven_to_nobody_else(city: City, client: Client) -> None:
    signing(city)

    hers = client.get(f"/api/proofs/{seqs(city)['hers']}")
    nothing = client.get("/api/proofs/99")

    assert (hers.status_code, nothing.status_code) == (404, 404)
    assert "hers" not in hers.text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/proofs/peel", 400),
        ("/api/proofs/0", 400),
        ("/api/proofs/1?since=x", 400),
        ("/api/proofs/1?since=99", 400),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(
    city: City, client: Client, address: str, status: int
) -> None:
    signing(city)

    assert client.get(address).status_code == status


def test_a_record_without_a_key_says_that_nothing_is_signed(client: Client) -> None:
    assert client.get("/api/head").json()["note"] is None
    assert client.get("/api/head/note").status_code == 404
    assert client.get("/api/proofs/1").status_code == 404
    assert "are not signed here" in client.get("/record").text


def test_a_reader_is_not_told_where_a_missing_key_lay(city: City, client: Client) -> None:
    signing(city)
    for file in (city.folder / "keys").glob("*.key"):
        file.unlink()

    answer = client.get("/api/head/note")

    assert answer.status_code == 404
    assert "keys" not in answer.text


def test_a_record_that_does_not_go_on_says_so_to_everybody(city: City, client: Client) -> None:
    signing(city)
    note = client.get("/api/head/note").text
    forged = note.replace("\n7\n", "\n6\n")
    (city.folder / "keys" / "newest.head").write_text(forged, encoding="utf-8")

    assert client.get("/api/head/note").status_code == 409
    page = client.get("/record")
    assert page.status_code == 200
    assert 'role="alert"' in page.text
