"""Replanning in the storm: a revision is proposed, read, vetoed or accepted, and driven."""

from typing import NamedTuple

from bioloom.circuits.replanning.undertaken import undertaken
from bioloom.circuits.replanning.vetoing import Way, veto
from bioloom.doors.acting import adopt_plan
from bioloom.doors.answers.playing import ActTold
from bioloom.doors.replanning.acting import propose_replanned, replan
from bioloom.doors.stories.staging import Stage
from bioloom.doors.stories.verdiva.living import Year
from bioloom.doors.stories.verdiva.people import ASSEMBLY, OPERATOR
from bioloom.doors.stories.weighing import in_tonnes
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.circuits import Move, PlanProposed
from bioloom.vocabulary.periods import Period


class Proposed(NamedTuple):
    """A revision before the city, and the act by which it came there."""

    act: ActTold
    plan: PlanProposed


def propose(stage: Stage, period: Period) -> Proposed | None:
    """Liam's circuits make the plan in force again; nothing where nothing is to change."""
    revision = replan(stage.city, period)
    made: list[PlanProposed] = []

    def proposing() -> int:
        made.append(propose_replanned(stage.city, revision, author=OPERATOR))
        return stage.head()

    did = f"proposes the revision that moves least: {len(revision.moves)} moves"
    act = stage.tries(did, "circuits", OPERATOR, proposing)
    return Proposed(act, made[0]) if made else None


def put_in_force(stage: Stage, year: Year, plan: PlanProposed) -> ActTold:
    """The assembly accepts a revision; the trucks drive by it, as none has left yet."""

    def accepting() -> int:
        adopt_plan(stage.city, plan.plan, author=ASSEMBLY)
        return stage.head()

    act = stage.tries("accepts the revision", "circuits", ASSEMBLY, accepting)
    standing = undertaken(plan.plan, stage.city.plans(), stage.city.journal)
    year.hauling.by_plan(one.made for one in standing if not one.ended)
    return act


def refuse(stage: Stage, plan: PlanProposed, move: Move, *, reason: str, by: AgentId) -> ActTold:
    """Somebody vetoes a move of a revision."""
    assert move.site is not None, "a move to nowhere is nobody's wish"
    way: Way = move.district, move.material, move.site
    declared = stage.city.journal.declared()
    return stage.disrupts(
        f"vetoes that {in_tonnes(move.mass_mg)} of {declared.materials[move.material].name} of "
        f"{declared.districts[move.district].name} go to {declared.sites[move.site].name}: "
        f"'{reason}'",
        lambda deed: veto(
            plan.plan,
            way,
            reason=reason,
            known=stage.city.plans(),
            declared=stage.city.journal.declared(),
            deed=deed,
        ),
        by=by,
    )


def tell_moves(plan: PlanProposed, most: int = 3) -> list[str]:
    """The largest moves of a revision, each with its reason as the plans have shown it."""
    largest = sorted(plan.moves, key=lambda move: -move.mass_mg)[:most]
    if not largest:
        return ["Nothing has to move: what is left of its room in these days is enough."]
    return [move.reason for move in largest]
