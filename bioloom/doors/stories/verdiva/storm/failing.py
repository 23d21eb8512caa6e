"""Failing: sites go out one after another, what will pile up is followed, and plans are revised."""

from datetime import date

from bioloom.circuits.cascading.cascading import cascade
from bioloom.circuits.cascading.courses import Down
from bioloom.circuits.replanning.disrupting import end, report
from bioloom.doors.answers.playing import ActTold
from bioloom.doors.dispatching.orders import orders_known, return_order
from bioloom.doors.stories.staging import Scene, Stage
from bioloom.doors.stories.verdiva.living import Year
from bioloom.doors.stories.verdiva.people import ASSEMBLY, OPERATOR, PERSONS
from bioloom.doors.stories.verdiva.storm.calendar import STRIKES, WEEK
from bioloom.doors.stories.verdiva.storm.replanning import (
    Proposed,
    propose,
    put_in_force,
    refuse,
    tell_moves,
)
from bioloom.doors.stories.weighing import in_tonnes
from bioloom.vocabulary.agents import AgentId, operator_of
from bioloom.vocabulary.entries.disruptions import DisruptionId, DisruptionReported
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.places import SiteId

ZARA = PERSONS[0][0]
DIGESTER = DisruptionId("storm-digester")
SORTING = DisruptionId("storm-sorting")
COMPOST = DisruptionId("storm-compost")
_WHY_NOT = "The street there is under water; the circuits cannot know it"


def fail(stage: Stage, year: Year) -> Scene:
    """The bioreactors fail in the night: a stranger may not say so, Liam does; the plan follows."""
    stage.go_to(Instant(f"{STRIKES}T03:10:00.000Z"))
    scene = Scene(stage, "failing", "The storm: the bioreactors fail")
    body = _down(DIGESTER, "digester", "The storm has flooded the pumps")
    household = _somebody(stage)
    stranger = scene.add(tell(stage, body, by=household))
    _foresee(stage, scene)
    said = scene.add(tell(stage, body, by=OPERATOR))
    _turn_back(stage, scene, operator_of("digester"))
    proposed = propose(stage, WEEK)
    scene.must(
        "Who runs no site and no circuits cannot put one out of the plans.",
        holds=stranger.outcome == "refused" and said.outcome == "recorded",
    )
    _accept(stage, year, scene, proposed)
    return scene


def fail_again(stage: Stage, year: Year) -> Scene:
    """The sorting hall fails; one of the circuits' moves is wrong, and a steward vetoes it."""
    stage.go_to(Instant(f"{STRIKES}T04:30:00.000Z"))
    scene = Scene(stage, "wrong-move", "The sorting hall fails; the circuits err, people do not")
    body = _down(SORTING, "sorting_quay", "Lightning has struck the hall")
    scene.add(tell(stage, body, by=OPERATOR))
    _turn_back(stage, scene, operator_of("sorting_quay"))
    first = propose(stage, WEEK)
    assert first is not None, "a full hall that is out moves something"
    scene.add(first.act)
    wrong = max(
        (move for move in first.plan.moves if move.site is not None),
        key=lambda move: (move.mass_mg, move.district),
    )
    scene.told.append(f"The largest of its moves is wrong. {wrong.reason}")
    stranger = scene.add(refuse(stage, first.plan, wrong, reason=_WHY_NOT, by=_somebody(stage)))
    scene.add(refuse(stage, first.plan, wrong, reason=_WHY_NOT, by=ASSEMBLY))
    scene.must("Only who stands for the city vetoes.", holds=stranger.outcome == "refused")
    _accept(stage, year, scene, propose(stage, WEEK))
    return scene


def weaken(stage: Stage, year: Year) -> Scene:
    """Before the trucks leave a compost yard has lost half its room; what was vetoed stays so."""
    stage.go_to(Instant(f"{STRIKES}T05:20:00.000Z"))
    scene = Scene(stage, "weakening", "The largest compost yard loses half its room")
    body = DisruptionReported(
        disruption=COMPOST,
        kind="capacity_cut",
        site=SiteId("compost_saltings"),
        per_mille=500,
        first_day=WEEK.first,
        reason="Half of the heaps stand in water",
    )
    scene.add(tell(stage, body, by=OPERATOR))
    _accept(stage, year, scene, propose(stage, WEEK))
    return scene


def tell(stage: Stage, body: DisruptionReported, *, by: AgentId) -> ActTold:
    """Somebody reports what stands in the way."""
    site = stage.city.journal.declared().sites[body.site or SiteId("")].name
    what = f"reports that {site} is out" if body.kind == "site_down" else f"reports a cut at {site}"

    return stage.disrupts(
        f"{what}: '{body.reason}'",
        lambda deed: report(body, declared=stage.city.journal.declared(), deed=deed),
        by=by,
    )


def come_back(stage: Stage, name: DisruptionId, last_day: date, reason: str) -> ActTold:
    """Liam says that a disruption had its last day."""
    return stage.disrupts(
        f"says that '{name}' had its last day on {last_day}: '{reason}'",
        lambda deed: end(
            name, last_day, reason=reason, declared=stage.city.journal.declared(), deed=deed
        ),
        by=OPERATOR,
    )


def _down(name: DisruptionId, site: str, reason: str) -> DisruptionReported:
    """A site takes nothing of this week's plan, nor of any after it.

    A plan counts the room of all its days, from Thursday on, for loads that are driven from Monday
    on: what was not brought by then can no longer use it.
    """
    return DisruptionReported(
        disruption=name, kind="site_down", site=SiteId(site), first_day=WEEK.first, reason=reason
    )


def _somebody(stage: Stage) -> AgentId:
    """A household: whoever comes first in the record."""
    agents = stage.city.journal.declared().agents
    return next(agent for agent in agents if agent.startswith("household:"))


def _foresee(stage: Stage, scene: Scene) -> None:
    """What piles up in the first day: with a new plan each hour, and with none."""
    followed = cascade(
        stage.city.journal.declared(),
        stage.city.offered_mg(WEEK),
        WEEK,
        down=[Down(site=SiteId("digester"))],
    )
    calm, anew, never = followed.undisturbed, followed.rerouted, followed.overflowed
    failures = sum(one.cause == "overload" for one in never.failures)
    scene.told.append(
        f"Followed over 24 hours, {in_tonnes(anew.left_mg)} wait at their end if it is planned "
        f"anew each hour ({in_tonnes(calm.left_mg)} had nothing failed). If nobody plans anew, "
        f"{in_tonnes(never.left_mg)} wait, and {failures} more sites are overloaded."
    )
    scene.must(
        "Planning anew every hour leaves no more in the yards than planning never; each plan is "
        "checked.",
        holds=followed.checked and anew.left_mg <= never.left_mg,
    )


def _turn_back(stage: Stage, scene: Scene, failed: AgentId) -> None:
    """The team gives back what was for a site that failed: what it carries no plan moves."""
    city = stage.city
    for order in orders_known(city).live():
        if order.state == "taken" and order.issued.receiver == failed:
            name = order.issued.order

            def turning_back(name: str = name) -> int:
                return_order(city, name, reason="unsafe", author=ZARA)
                return stage.head()

            did = f"turns back with {in_tonnes(order.mass_mg)} for {stage.name(failed)}"
            scene.add(stage.tries(did, "work", ZARA, turning_back))


def _accept(stage: Stage, year: Year, scene: Scene, proposed: Proposed | None) -> None:
    """The assembly accepts what is proposed."""
    accepted = False
    if proposed is not None:
        scene.add(proposed.act)
        scene.told.extend(tell_moves(proposed.plan))
        accepted = scene.add(put_in_force(stage, year, proposed.plan)).outcome == "recorded"
    scene.must(f"'{scene.title}': the plan in force is revised.", holds=accepted)
