"""POST /api/capture: documents of those who may, job by job, and nothing of anybody else."""

import json
from typing import Any

import pytest

from bioloom.doors.compose import City, now
from bioloom.doors.register.register import Register
from bioloom.doors.register.tokens import Scope
from bioloom.doors.web.routes.capture import BEHAVIOUR_HEADER
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.periods import Instant
from tests.doors.capturing.test_epcis import MADE, PACKED, document
from tests.doors.register.guests import guest
from tests.doors.web.conftest import Client
from tests.doors.web.routes.people.coming_in import STEWARD

FAULTY = {key: value for key, value in MADE.items() if key != "action"}


def shown(register: Register, agent: AgentId = STEWARD, scope: Scope = "declare") -> dict[str, str]:
    at = now()
    later = Instant("2999-01-01T00:00:00.000Z")
    issued = register.tokens.issue(agent, "scanner", [scope], expires_at=later, at=at)
    return {"authorization": f"Bearer {issued.secret}"}


def sent(
    browser: Client, headers: dict[str, str], *events: object, **more: str
) -> tuple[int, dict[str, Any]]:
    answer = browser.post("/api/capture", content=document(*events), headers=headers | more)
    assert answer.status_code == 202 or answer.status_code < 500
    return answer.status_code, answer.json()


def test_a_document_is_captured_and_its_job_is_there_for_its_sender(
    browser: Client, register: Register, city: City
) -> None:
    headers = shown(register)
    answer = browser.post("/api/capture", content=document(MADE, PACKED), headers=headers)

    assert answer.status_code == 202
    job = answer.json()
    assert job["success"]
    assert [event["outcome"] for event in job["events"]] == ["recorded", "recorded"]
    assert browser.get(answer.headers["location"], headers=headers).json() == job
    assert any(entry.author == STEWARD for entry in city.journal.read(kinds=["EventHappened"]))

    status, again = sent(browser, headers, MADE)
    assert status == 202
    assert [event["outcome"] for event in again["events"]] == ["same"]


def test_a_faulty_event_stops_all_or_none_as_its_sender_says(
    browser: Client, register: Register
) -> None:
    headers = shown(register)

    _, job = sent(browser, headers, MADE, FAULTY)
    assert [event["outcome"] for event in job["events"]] == ["refused", "faulty"]
    assert not job["success"]
    assert any(error["path"].endswith("eventList[1].action") for error in job["errors"])

    _, job = sent(browser, headers, MADE, FAULTY, **{BEHAVIOUR_HEADER: "proceed"})
    assert [event["outcome"] for event in job["events"]] == ["recorded", "faulty"]
    assert sent(browser, headers, MADE, **{BEHAVIOUR_HEADER: "guess"})[0] == 400


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b"[" * 100_000, b"<a>", b"[]", b"{}" * 2])
def test_what_is_no_document_is_refused(browser: Client, register: Register, text: bytes) -> None:
    answer = browser.post("/api/capture", content=text, headers=shown(register))

    assert answer.status_code == 400
    assert json.loads(answer.text)["remedy"]


def test_nobody_captures_who_may_not(browser: Client, register: Register, city: City) -> None:
    seq = city.journal.head().seq
    member = guest(register, city, "Ana")
    seq = city.journal.head().seq

    assert sent(browser, {}, MADE)[0] == 401
    assert sent(browser, {"authorization": "Bearer bioloom_nonsense"}, MADE)[0] == 401
    assert sent(browser, shown(register, scope="read"), MADE)[0] == 403
    assert sent(browser, shown(register, member), MADE)[0] == 403
    assert city.journal.head().seq == seq


def test_a_job_is_its_senders_own(browser: Client, register: Register, city: City) -> None:
    answer = browser.post("/api/capture", content=document(MADE), headers=shown(register))
    where = answer.headers["location"]
    other = guest(register, city, "Ben", role="steward", scope=None)

    assert browser.get(where).status_code == 401
    assert browser.get(where, headers=shown(register, other)).status_code == 404
    assert browser.get("/api/capture/none", headers=shown(register)).status_code == 404
