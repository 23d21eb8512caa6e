"""Enacting: the assembly enacts a Code for the emergency, and it ends by itself."""

from collections import Counter
from datetime import timedelta

from bioloom.doors.answers.playing import ActTold
from bioloom.doors.codes.bringing import enact as enact_code
from bioloom.doors.stories.staging import Scene, Stage
from bioloom.doors.stories.verdiva.people import ASSEMBLY, OPERATOR
from bioloom.doors.stories.verdiva.storm.calendar import EMERGENCY
from bioloom.ledger.codes.reading import codes_of
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.circuits import PlanProposed
from bioloom.vocabulary.entries.codes import CodeEnacted, CodeId, ShareGuaranteed
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.places import DistrictId

CODE = CodeId("storm-share")
GUARANTEED_PER_MILLE = 300
ORGANICS = GroupId("organics")
_TITLE = "In the storm nobody is left alone with what rots"
_RATIONALE = (
    "As Caleb Rocha proposed to the Covenant Assembly: while the bioreactors are out, each "
    f"district may bring at least {GUARANTEED_PER_MILLE // 10} % of its organics somewhere."
)


def enact(stage: Stage, at: Instant) -> Scene:
    """The assembly enacts it; whoever runs the circuits may not."""
    stage.go_to(at)
    scene = Scene(stage, "emergency", "The Code of the storm")
    code = CodeEnacted(
        code=CODE,
        version=1,
        title=_TITLE,
        rationale=_RATIONALE,
        rules=(ShareGuaranteed(group=ORGANICS, per_mille=GUARANTEED_PER_MILLE),),
        first_day=EMERGENCY.first,
        last_day=EMERGENCY.last,
    )
    did = f"enacts the Code '{_TITLE}' for {EMERGENCY}"
    stranger = scene.add(_enact(stage, did, code, by=OPERATOR))
    assembly = scene.add(_enact(stage, did, code, by=ASSEMBLY))
    scene.must(
        "Who runs the circuits makes no Codes; the assembly does.",
        holds=stranger.outcome == "refused" and assembly.outcome == "recorded",
    )
    codes = codes_of(stage.city.journal)
    after = EMERGENCY.last + timedelta(days=1)
    in_force = [
        any(version.terms.code == CODE for version in codes.in_force(day))
        for day in (EMERGENCY.first, EMERGENCY.last, after)
    ]
    repeals = list(stage.city.journal.read(kinds=["CodeRepealed"]))
    scene.must(
        "It is in force in its week, and ends by itself, without anybody's word.",
        holds=in_force == [True, True, False] and not repeals,
    )
    return scene


def kept(plan: PlanProposed, stage: Stage) -> bool:
    """Whether a plan places what the Code guarantees, by its flows alone."""
    materials = stage.city.journal.declared().materials
    placed_mg, offered_mg = Counter[DistrictId](), Counter[DistrictId]()
    for flow in plan.flows:
        if materials[flow.material].group == ORGANICS:
            placed_mg[flow.district] += flow.mass_mg
            offered_mg[flow.district] += flow.mass_mg
    for rest in plan.unmet:
        if materials[rest.material].group == ORGANICS:
            offered_mg[rest.district] += rest.mass_mg
    return all(
        placed_mg[district] * 1000 >= offered_mg[district] * GUARANTEED_PER_MILLE
        for district in offered_mg
    )


def _enact(stage: Stage, did: str, code: CodeEnacted, *, by: AgentId) -> ActTold:
    return stage.tries(
        did,
        "codes",
        by,
        lambda: (
            enact_code(stage.city, code, author=by, occurred_at=stage.now(), clock=stage.now).seq
        ),
    )
