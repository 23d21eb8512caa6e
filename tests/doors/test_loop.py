"""The live loop: what follows is recorded once, whatever happens between."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bioloom.doors.acting import acting_as, adopt_plan, propose_plan
from bioloom.doors.compose import City, found_city, now, open_city
from bioloom.doors.loop import AUTHOR, CURSORS_FILE, MOST_CAUSES, Loop, reactions_of, run, run_once
from bioloom.doors.stores.cursors import Cursors, CursorsUnusable, LoopRunning
from bioloom.ledger.inventory import LotFilter, lots
from bioloom.ledger.reactions.reaction import Following, Reaction
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM, Amount
from bioloom.vocabulary.entries.doors import ReactionFailed, TimerFired
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.events import CommitmentId, CommitmentOverdue, PromiseMade
from bioloom.vocabulary.entries.ledger import AgentDeclared, LotArrived
from bioloom.vocabulary.periods import Instant
from tests.doors.sample_city import sample_city
from tests.ledger.records import weighing

JUNE_1 = Instant("2024-06-01T12:00:00.000Z")
JUNE_2 = Instant("2024-06-02T12:00:00.000Z")
JUNE_3 = Instant("2024-06-03T00:00:00.000Z")


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with found_city(tmp_path / "verdiva", token="t") as city:
        yield city


def promise(name: str, due: date | None) -> Draft[PromiseMade]:
    body = PromiseMade(
        commitment=CommitmentId(name),
        action="transfer",
        provider=AgentId("ana"),
        receiver=AgentId("ben"),
        amount=Amount(units=7, reported="7", unit="mg"),
        base_unit=MILLIGRAM,
        due=due,
    )
    return Draft(
        body=body, occurred_at=JUNE_1, author=AgentId("steward"), idempotency_key=f"promise:{name}"
    )


def named(name: str) -> Draft[AgentDeclared]:
    return Draft(
        body=AgentDeclared(agent=AgentId(name), name=name),
        occurred_at=JUNE_1,
        author=AgentId("steward"),
        idempotency_key=f"agent:{name}",
    )


def stepped(city: City, at: Instant, *reactions: Reaction) -> int:
    """What one step records, by a loop that begins anew."""
    with closing(Cursors(city.folder / CURSORS_FILE)) as cursors:
        return Loop(city, cursors, reactions or reactions_of(city)).step(at)


def bodies(city: City, *kinds: str) -> list[Any]:
    return [entry.body for entry in city.journal.read(kinds=kinds)]


@dataclass
class Echo:
    """Answers to every agent declared by declaring another, as often as it is told to."""

    name: str = "echo"
    version: int = 1
    folds: Collection[str] = ()
    hears: Collection[str] = ("AgentDeclared",)
    times: int = 1
    # Raised instead of answering to an agent of this name.
    raises: dict[str, Exception] = field(default_factory=dict)

    def react(self, entry: Entry[Any], journal: Journal) -> Iterable[Following]:
        assert journal.at([entry.seq])[entry.seq] == entry
        agent = entry.body.agent
        if agent in self.raises:
            raise self.raises[agent]
        if agent.count("'") < self.times and not agent.startswith(("steward", "programme")):
            body = AgentDeclared(agent=AgentId(agent + "'"), name="echo")
            yield Following(body=body, about=agent, occurred_at=entry.occurred_at)

    def fold(self, entry: Entry[Any]) -> None:
        raise AssertionError(f"it does not fold {entry.kind}")

    def due(self) -> Instant | None:
        return None


# Reactions


def test_what_follows_has_its_cause_and_is_recorded_once(city: City) -> None:
    city.commit([named("ana")])

    assert stepped(city, JUNE_1, Echo()) == 1
    assert stepped(city, JUNE_1, Echo()) == 0

    [ana] = [e for e in city.journal.read() if e.idempotency_key == "agent:ana"]
    [echo] = [e for e in city.journal.read() if e.cause is not None]
    assert (echo.cause, echo.body.agent, echo.author) == (ana.id, "ana'", AUTHOR)
    assert AUTHOR in city.journal.declared().agents


def test_a_loop_that_forgot_how_far_it_came_does_nothing_twice(city: City) -> None:
    city.commit([named("ana"), promise("peel", date(2024, 6, 1))])
    stepped(city, JUNE_2, Echo(), *reactions_of(city))
    before = city.journal.head()

    (city.folder / CURSORS_FILE).unlink()

    assert stepped(city, JUNE_2, Echo(), *reactions_of(city)) == 0
    assert city.journal.head() == before


def test_a_loop_notices_that_a_restored_record_is_another(city: City, tmp_path: Path) -> None:
    with found_city(tmp_path / "other", token="u") as other:
        other.commit([named("ana")])
        other.commit([named("ben")])
        stepped(other, JUNE_1, Echo())
        (city.folder / CURSORS_FILE).write_bytes((other.folder / CURSORS_FILE).read_bytes())
    city.commit([named("cem"), named("dan")])

    stepped(city, JUNE_1, Echo())

    assert {"cem'", "dan'"} <= city.journal.declared().agents.keys()


def test_a_new_version_of_a_reaction_sees_all_that_was_before(city: City) -> None:
    city.commit([named("ana")])
    assert stepped(city, JUNE_1, Echo(times=0)) == 0

    assert stepped(city, JUNE_1, Echo(version=2)) == 1


def test_a_chain_of_causes_ends_in_an_incident(city: City) -> None:
    city.commit([named("ana")])

    stepped(city, JUNE_1, Echo(times=1_000))

    assert bodies(city, "ReactionFailed") == [
        ReactionFailed(reaction="echo/1", failing="too many causes")
    ]
    longest = max(city.journal.declared().agents, key=lambda agent: agent.count("'"))
    assert longest.count("'") == MOST_CAUSES
    assert stepped(city, JUNE_1, Echo(times=1_000)) == 0


def test_a_reaction_that_fails_is_an_incident_and_the_loop_goes_on(city: City) -> None:
    refusal = LoopRunning(name="words that name somebody")
    city.commit([named("ana"), named("ben"), named("cem")])

    stepped(city, JUNE_1, Echo(raises={"ana": refusal, "ben": ZeroDivisionError()}))

    assert bodies(city, "ReactionFailed") == [
        ReactionFailed(reaction="echo/1", failing="refused", refused_as="LoopRunning"),
        ReactionFailed(reaction="echo/1", failing="bug", refused_as="ZeroDivisionError"),
    ]
    assert "cem'" in city.journal.declared().agents
    assert not any(b"name somebody" in row.text for row in city.journal.store.rows())


@settings(max_examples=15)
@given(
    steps=st.lists(st.integers(0, 3), max_size=5),
    forgetting=st.lists(st.booleans(), min_size=5, max_size=5),
)
def test_however_the_record_is_cut_into_steps_the_same_follows(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int], forgetting: list[bool]
) -> None:
    folder = tmp_path_factory.mktemp("city") / "c"
    with found_city(folder, token="t") as city:
        for step, (count, forgets) in enumerate(zip(steps, forgetting, strict=False)):
            city.commit([named(f"{step}-{one}") for one in range(count)])
            if forgets:
                (folder / CURSORS_FILE).unlink(missing_ok=True)
            stepped(city, JUNE_1, Echo(times=2))

        names = Counter(body.agent for body in bodies(city, "AgentDeclared"))
        given_names = {f"{step}-{one}" for step, count in enumerate(steps) for one in range(count)}
        expected = {name + "'" * times for name in given_names for times in range(3)}
        assert names == Counter(expected | {"steward"} | ({AUTHOR} if expected else set()))


# Time


def test_a_promise_is_overdue_once_its_day_has_ended(city: City) -> None:
    city.commit([promise("peel", date(2024, 6, 2)), promise("any time", None)])

    assert stepped(city, JUNE_2) == 0
    stepped(city, JUNE_3)
    assert stepped(city, JUNE_3) == 0

    assert bodies(city, "TimerFired") == [TimerFired(reaction="overdue/1", due=JUNE_3)]
    assert bodies(city, "CommitmentOverdue") == [
        CommitmentOverdue(
            commitment=CommitmentId("peel"), due=date(2024, 6, 2), left_units=7, base_unit=MILLIGRAM
        )
    ]
    assert verify(city.journal.store).holds


def test_a_promise_made_after_its_day_is_overdue_at_once_though_the_timer_fired_before(
    city: City,
) -> None:
    city.commit([promise("peel", date(2024, 6, 2))])
    stepped(city, JUNE_3)
    city.commit([promise("leaves", date(2024, 6, 2))])
    stepped(city, JUNE_3)

    assert [one.commitment for one in bodies(city, "CommitmentOverdue")] == ["peel", "leaves"]
    assert len(bodies(city, "TimerFired")) == 2


def test_a_clock_that_is_set_back_fires_nothing_again(city: City) -> None:
    city.commit([promise("peel", date(2024, 6, 2)), promise("leaves", date(2024, 6, 3))])
    stepped(city, JUNE_3)

    assert stepped(city, JUNE_1) == 0
    assert stepped(city, JUNE_3) == 0


# Plans


def test_a_plan_whose_figures_change_is_out_of_date_once(tmp_path: Path) -> None:
    with open_city(sample_city(tmp_path / "city")) as city:
        steward = acting_as(city, None)
        proposed = propose_plan(city, city.plan(), author=steward)
        adopt_plan(city, proposed.plan, author=steward)
        assert proposed.plan not in outdated_after(city, lambda body: body)
        month = LotFilter(first_day=proposed.first_day, last_day=proposed.last_day)
        first, second = list(lots(city.journal, month))[:2]

        # Another wording of the same figure changes nothing; another figure does, once.
        assert not outdated_after(city, lambda b: weighing(b, b.mass_mg), first.lot)
        changed = outdated_after(city, lambda b: weighing(b, b.mass_mg - 1), first.lot)
        again = outdated_after(city, lambda b: weighing(b, b.mass_mg - 1), second.lot)

        assert changed == again == [proposed.plan]
        assert city.plans().outdated == {proposed.plan}
        assert verify(city.journal.store).holds


def test_many_changes_that_wait_together_make_a_plan_out_of_date_once(tmp_path: Path) -> None:
    with open_city(sample_city(tmp_path / "city")) as city:
        steward = acting_as(city, None)
        proposed = propose_plan(city, city.plan(), author=steward)
        adopt_plan(city, proposed.plan, author=steward)
        month = LotFilter(first_day=proposed.first_day, last_day=proposed.last_day)
        for lot in list(lots(city.journal, month))[:5]:
            corrected(city, lambda b: weighing(b, b.mass_mg + 1), lot.lot)

        assert outdated_after(city, lambda body: body) == [proposed.plan]
        (city.folder / CURSORS_FILE).unlink()
        assert outdated_after(city, lambda body: body) == [proposed.plan]


def outdated_after(
    city: City, change: Callable[[LotArrived], LotArrived], lot: str | None = None
) -> list[str]:
    """The plans that are out of date after a lot is corrected and the loop has run."""
    if lot is not None:
        corrected(city, change, lot)
    run_once(city, JUNE_1)
    return [one.plan for one in bodies(city, "PlanOutdated")]


def corrected(city: City, change: Callable[[LotArrived], LotArrived], lot: str) -> None:
    entry = city.journal.current([lot])[lot]
    draft = Draft(
        body=change(entry.body),
        occurred_at=entry.occurred_at,
        author=entry.author,
        idempotency_key=lot,
    )
    city.commit([draft], correct=True)


# One loop for a journal


def test_two_programs_do_not_both_run_the_loop_of_a_city(city: City) -> None:
    with (
        closing(Cursors(city.folder / CURSORS_FILE)),
        pytest.raises(LoopRunning, match="Another program holds"),
    ):
        run_once(city, JUNE_1)

    assert not run_once(city, JUNE_1)


def test_cursors_that_are_no_cursors_are_refused_and_may_be_deleted(city: City) -> None:
    (city.folder / CURSORS_FILE).write_bytes(b"no database at all" * 100)

    with pytest.raises(CursorsUnusable, match="may be deleted"):
        run_once(city, JUNE_1)


def test_a_running_loop_reacts_within_moments_and_stops_when_told(city: City) -> None:
    until = threading.Event()
    running = threading.Thread(target=run, args=(city, now, until))
    running.start()
    city.commit([promise("peel", date(2024, 6, 2))])
    waiting = threading.Event()
    for _ in range(100):
        if bodies(city, "CommitmentOverdue"):
            break
        waiting.wait(0.1)
    until.set()
    running.join(10)

    assert not running.is_alive()
    assert len(bodies(city, "CommitmentOverdue")) == 1


KILLED = """
import os, signal, sys
from bioloom.doors.compose import open_city
from bioloom.doors.loop import run_once
from bioloom.doors.stores.cursors import Cursors

calls = int(sys.argv[2])
def killed(self, *told):
    global calls
    calls -= 1
    if calls < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return move(self, *told)
move, Cursors.move = Cursors.move, killed
with open_city(sys.argv[1]) as city:
    run_once(city, "2024-06-03T00:00:00.000Z")
"""


@pytest.mark.parametrize("moves", [0, 1, 2])
def test_killed_between_reacting_and_remembering_nothing_is_done_twice(
    city: City, moves: int
) -> None:
    city.commit([promise(f"heap-{number}", date(2024, 6, 2)) for number in range(5)])

    program = [sys.executable, "-c", KILLED, str(city.folder), str(moves)]
    ended = subprocess.run(
        program, check=False, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    )
    assert ended.returncode == -signal.SIGKILL
    run_once(city, JUNE_3)

    overdue = [one.commitment for one in bodies(city, "CommitmentOverdue")]
    assert sorted(overdue) == [f"heap-{number}" for number in range(5)]
    assert len(bodies(city, "TimerFired")) == 1
    assert verify(city.journal.store).holds


def test_who_is_told_to_stop_leaves_the_rest_for_later(city: City) -> None:
    city.journal.record([promise("late", date(2020, 1, 1))], recorded_at=now())
    stop = threading.Event()
    stop.set()
    with closing(Cursors(city.folder / CURSORS_FILE)) as cursors:
        loop = Loop(city, cursors, reactions_of(city))

        loop.step(now(), until=stop)
        assert not cursors.places()

        loop.step(now())
        assert cursors.places()
