"""Blockading: what others hold does not come back, and the city goes round it."""

from collections import Counter
from datetime import date

from bioloom.doors.answers.playing import ActTold
from bioloom.doors.loop import run_once
from bioloom.doors.stories.carnival.calendar import CONTRACTS_END, GIVEN_BACK_BY
from bioloom.doors.stories.carnival.people import HALDEN, HAULAGE, IVA, MARA, ZARA
from bioloom.doors.stories.carnival.places import MERIDIAN, MERIDIAN_PLANT
from bioloom.doors.stories.carnival.scenes.enacting import CUSTODY_DAYS
from bioloom.doors.stories.carnival.scenes.logging import stall_lot
from bioloom.doors.stories.carnival.scenes.passing import Hands, Passing, promise, take_in
from bioloom.doors.stories.staging import Scene, Stage
from bioloom.doors.stories.weighing import in_tonnes
from bioloom.ledger.accounts.owing import everything_owed
from bioloom.ledger.accounts.returning import away
from bioloom.ledger.contracts.listing import contracts
from bioloom.vocabulary.agents import AgentId, commons_of
from bioloom.vocabulary.periods import Instant, Period

_LENT_AT = Instant("2025-10-06T09:00:00.000Z")
_BACK_AT = Instant("2025-10-09T16:00:00.000Z")
_OVERDUE_AT = Instant("2025-10-12T09:00:00.000Z")
_BACK_BY = date(2025, 10, 11)
_WEEK = Period(first=date(2025, 10, 4), last=date(2025, 10, 10))


_GLASS, _TIMBER = stall_lot("03", "glass"), stall_lot("06", "wood")
_GLASSWORKS, _SQUARE = Hands(commons_of("03"), IVA), Hands(commons_of("06"), ZARA)
_MENDER, _HAULIER = Hands(HALDEN, HALDEN), Hands(HAULAGE, MARA)
_TO_GRIND = Passing("grinding", "glass", _GLASS, 60, _GLASSWORKS, _MENDER)
_GROUND = Passing("grinding:back", "ground glass", _GLASS, 60, _MENDER, _GLASSWORKS)
_TO_DRIVE = Passing("driving", "timber", _TIMBER, 400, _SQUARE, _HAULIER)
_MORE = Passing("driving:more", "timber", _TIMBER, 50, _SQUARE, _HAULIER)
_DRIVEN = Passing("driving:back", "timber", _TIMBER, 400, _HAULIER, _SQUARE)


def blockade(stage: Stage) -> Scene:
    """One who mends brings back in time; one who hauls does not, and the company does not."""
    stage.go_to(_LENT_AT)
    scene = Scene(stage, "blockade", "The blockade")
    scene.acts += _lend(stage, _TO_GRIND, _GROUND) + _lend(stage, _TO_DRIVE, _DRIVEN)
    stage.go_to(_BACK_AT)
    scene.add(take_in(stage, _GROUND))
    scene.must(
        "What is lent to be mended goes out for some days, and comes back.",
        holds=all(act.outcome == "recorded" for act in scene.acts),
    )
    stage.go_to(_OVERDUE_AT)
    _tell_late(scene, stage)
    scene.add(promise(stage, _MORE))
    more = scene.add(take_in(stage, _MORE))
    scene.must(
        "Who has not brought back in time gets no more.",
        holds=more.outcome == "refused" and more.entry is not None,
    )
    _tell_owed(scene, stage)
    _tell_plan(scene, stage)
    return scene


def _lend(stage: Stage, out: Passing, back: Passing) -> list[ActTold]:
    """Custody passes, and no rights; whoever has it promises to bring it back."""
    return [
        promise(stage, out),
        promise(stage, back, due=_BACK_BY),
        take_in(stage, out),
    ]


def _tell_late(scene: Scene, stage: Stage) -> None:
    """What is out under the covenant, and what the city puts on record of it by itself."""
    city = stage.city
    out = [one for one in away(city.journal, city.settings.zone, at=stage.now()) if one.is_overdue]
    late_mg = Counter[AgentId]()
    for one in out:
        late_mg[one.holder] += one.units
    told = run_once(city, stage.now())["ReturnOverdue"]
    names = " and ".join(
        f"{in_tonnes(mass_mg)} from {stage.name(holder)}" for holder, mass_mg in late_mg.items()
    )
    scene.told.append(
        f"Others may hold what is bound for {CUSTODY_DAYS} days. Overdue are {names}; the city "
        f"puts {told} lots on record as overdue by itself. Who holds them has custody, and no "
        "rights: they can be traced, and cannot be sold."
    )
    scene.must(
        "What was not brought back is overdue, and on record as such.",
        holds=told == len(out) and {MERIDIAN, HAULAGE} == late_mg.keys(),
    )


def _tell_owed(scene: Scene, stage: Stage) -> None:
    """What the company was to give back when its contracts ended, and has not."""
    overdue = [
        row.owed
        for row in everything_owed(stage.city.journal, today=stage.today())
        if row.is_claim and row.owed.provider == MERIDIAN and row.owed.standing == "overdue"
    ]
    left_mg = sum(owed.units - owed.done_units for owed in overdue)
    agreed = contracts(stage.city.journal, today=stage.today())
    rights = [right for one in agreed for right in one.take_backs if right.is_open]
    scene.told.append(
        f"{len(agreed)} contracts ended on {CONTRACTS_END}. Under them {in_tonnes(left_mg)} were "
        f"to come back from {stage.name(MERIDIAN)} by {GIVEN_BACK_BY}: {len(overdue)} claims to "
        "take back are overdue, each by the name of its lot."
    )
    scene.must(
        "What the contracts would return is what the company holds and owes, lot by lot.",
        holds=sum(right.mass_mg for right in rights) == left_mg > 0,
    )


def _tell_plan(scene: Scene, stage: Stage) -> None:
    """Where all that waits would go with the company, and without it."""
    usual = stage.city.plan(_WEEK, backlog=True, explain=False)
    around = stage.city.plan(_WEEK, backlog=True, explain=False, without=[MERIDIAN_PLANT])
    to_company_mg = sum(flow.mass_mg for flow in usual.flows if flow.site == MERIDIAN_PLANT)
    unmet_mg = sum(rest.mass_mg for rest in around.unmet)
    placed_mg = sum(flow.mass_mg for flow in around.flows)
    scene.told.append(
        f"A plan of the week would bring {in_tonnes(to_company_mg)} to the company. Planned "
        f"without it, {in_tonnes(placed_mg)} find a place and {in_tonnes(unmet_mg)} do not."
    )
    is_around = all(flow.site != MERIDIAN_PLANT for flow in around.flows)
    scene.must(
        "The plan goes round the company, and an independent check vouches for it.",
        holds=is_around and around.checked,
    )
