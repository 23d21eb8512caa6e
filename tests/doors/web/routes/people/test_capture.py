"""POST /api/capture: documents of those who may, job by job, and nothing of anybody else."""

import json
from contextlib import closing
from time import sleep
from typing import Any
from urllib.parse import quote

import pytest

from bioloom.doors.compose import City, now
from bioloom.doors.register.register import Register
from bioloom.doors.register.tokens import Scope
from bioloom.doors.stores.captures import CAPTURES_FILE, Captures, JobKept
from bioloom.doors.web.app import make_app
from bioloom.doors.web.routes.epcis.capturing import BEHAVIOUR_HEADER
from bioloom.ledger.formats.epcis.judging import judge_events
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
    assert answer.status_code < 500
    if answer.status_code != 202:
        return answer.status_code, answer.json()
    return 202, done(browser, answer.headers["location"], headers)


def done(browser: Client, where: str, headers: dict[str, str]) -> dict[str, Any]:
    """A job, once it is done."""
    for _ in range(500):
        job: dict[str, Any] = browser.get(where, headers=headers).json()
        if not job["running"]:
            return job
        sleep(0.01)
    raise AssertionError("the job does not end")


def test_a_document_is_captured_and_its_job_is_there_for_its_sender(
    browser: Client, register: Register, city: City
) -> None:
    headers = shown(register)
    answer = browser.post("/api/capture", content=document(MADE, PACKED), headers=headers)

    assert answer.status_code == 202
    assert answer.json()["captureID"]
    job = done(browser, answer.headers["location"], headers)
    assert job["success"]
    assert [event["outcome"] for event in job["events"]] == ["recorded", "recorded"]
    assert browser.get("/api/capture", headers=headers).json()[0] == job
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


def test_jobs_survive_a_restart_and_go_on_where_they_were(register: Register, city: City) -> None:
    headers = shown(register)
    left = JobKept("left", STEWARD, "rollback", now(), document(MADE), None)
    with closing(Captures(city.folder / CAPTURES_FILE)) as captures:
        captures.begin(left)

    with Client(make_app(city)) as first:
        job = done(first, "/api/capture/left", headers)
        sent(first, headers, PACKED)
    with Client(make_app(city)) as again:
        page = again.get("/api/capture?perPage=1", headers=headers)
        rest = again.get(page.links["next"]["url"], headers=headers).json()

    assert job["success"]
    assert len(page.json()) == 1
    assert job in rest


SENSED = MADE | {
    "eventTime": "2026-01-02T01:00:00Z",
    "disposition": "in_progress",
    "sensorElementList": [
        {"sensorReport": [{"type": "Temperature", "value": 21.50, "uom": "CEL"}]}
    ],
}


def listed(browser: Client, headers: dict[str, str], asked: str) -> list[dict[str, Any]]:
    answer = browser.get(f"/api/events?{asked}", headers=headers)
    assert answer.status_code == 200, answer.text
    assert judge_events("answer.json", answer.content).verdict == "accept"
    found: list[dict[str, Any]]
    found = answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    return found


def test_events_are_told_as_they_were_captured_sensors_and_all(
    browser: Client, register: Register
) -> None:
    headers = shown(register)
    sent(browser, headers, MADE, SENSED, PACKED)

    (found,) = listed(browser, headers, "EQ_disposition=in_progress")
    assert found["sensorElementList"] == SENSED["sensorElementList"]
    assert found["recordTime"]
    named = browser.get(f"/api/events/{quote(found['eventID'], safe='')}", headers=headers)
    assert found["eventID"] in named.text
    assert browser.get("/api/events/none", headers=headers).status_code == 404
    epcs = browser.get("/api/epcs", headers=headers).json()["member"]
    assert "https://id.gs1.org/00/040123450000003338" in epcs
    assert "ObjectEvent" in browser.get("/api/eventTypes", headers=headers).json()["member"]
    assert browser.get("/api/events").status_code == 401


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        *(("GE_eventDate=2026", 400), ("WD_readPoint=urn:a:b", 400), ("perPage=0", 400)),
        *(("EQ_action=ADDED", 400), ("maxEventCount=1", 400), ("maxEventCount=1000", 200)),
    ],
)
def test_a_query_that_cannot_be_answered_is_refused(
    browser: Client, register: Register, asked: str, status: int
) -> None:
    headers = shown(register)
    sent(browser, headers, MADE, SENSED)

    answer = browser.get(f"/api/events?{asked}", headers=headers)

    assert answer.status_code == status
    assert status == 200 or answer.json()["remedy"]


def test_events_come_page_by_page(browser: Client, register: Register) -> None:
    headers = shown(register)
    sent(browser, headers, MADE, SENSED, PACKED)

    page = browser.get("/api/events?perPage=2&orderBy=eventTime", headers=headers)
    rest = browser.get(page.links["next"]["url"], headers=headers)

    names = [part.json()["epcisBody"]["queryResults"]["resultsBody"] for part in (page, rest)]
    ids = [event["eventID"] for part in names for event in part["eventList"]]
    assert len(names[0]["eventList"]) == 2
    assert len(set(ids)) == len(ids) >= 3


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
