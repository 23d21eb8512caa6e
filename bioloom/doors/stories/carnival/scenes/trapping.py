"""Trapping: the company's man makes a stranger a member unasked, so as to bind what is theirs."""

from hashlib import sha256

import msgspec

from bioloom.doors.answers.playing import ActTold
from bioloom.doors.stories.carnival.people import COPPERSIDE, DARIO, HALDEN, HAULAGE
from bioloom.doors.stories.staging import Scene, Stage, kilograms_of
from bioloom.ledger.people.deciding import accept, join, leave
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.covenants import CovenantEnacted, CovenantId
from bioloom.vocabulary.lots import LotId

_LENSES, _KG = LotId("halden:lenses"), 40
_TEXT = "What Halden has is ours."
_TRAP = CovenantEnacted(
    covenant=CovenantId("copperside-trap"),
    commons=COPPERSIDE,
    title="What Halden has",
    text=_TEXT,
    text_sha256=sha256(_TEXT.encode()).hexdigest(),
    lots=(_LENSES,),
    cooling_off_days=0,
    quorum=1,
    signers=(DARIO,),
)


def trap(stage: Stage, scene: Scene) -> None:
    """A repairer who belongs to nobody is let in unasked; what is theirs stays theirs to sell."""
    made = {"lot": _LENSES, "material": "glass", "place": "04"}
    scene.add(_tells(stage, "raise", "records 40 kg of lenses of their own", made=made))
    scene.add(
        stage.decides(
            "makes Halden Instruments a member of Copperside's commons, who were not asked",
            lambda deed: [join(HALDEN, COPPERSIDE, deed=deed)],
            by=DARIO,
        )
    )
    # No covenant forbids it, so that the attempt is no entry.
    said = stage.decides(
        "says yes to that in their name",
        lambda deed: [accept(HALDEN, COPPERSIDE, deed=deed)],
        by=DARIO,
    )
    scene.told.append(
        f"{stage.name(DARIO)} makes a stranger a member, and would say yes for them. {said.why} "
        "So nothing of theirs is bound, whatever he enacts."
    )
    enacted = stage.brings(
        "enacts a covenant over their lenses, which he alone could release", _TRAP, by=DARIO
    )
    scene.add(msgspec.structs.replace(enacted, page=f"/covenants/{_TRAP.covenant}"))
    sold = scene.add(
        _tells(stage, "transferAllRights", "sells half of them to a haulier", receiver=HAULAGE)
    )
    left = scene.add(
        stage.decides("leaves", lambda deed: [leave(HALDEN, COPPERSIDE, deed=deed)], by=HALDEN)
    )
    outcomes = [one.outcome for one in (said, enacted, sold, left)]
    scene.must(
        "Who was made a member without their word sells what is theirs, and leaves.",
        holds=outcomes == ["refused", "recorded", "recorded", "recorded"],
    )


def _tells(
    stage: Stage,
    action: str,
    did: str,
    *,
    receiver: AgentId = HALDEN,
    made: dict[str, str] | None = None,
) -> ActTold:
    """The stranger tells what happens to their lenses."""
    mass_kg = _KG if made else _KG // 2
    body = {
        "action": action,
        "provider": HALDEN,
        "receiver": receiver,
        "stamp": "generated",
        "lot": _LENSES,
        "quantity": kilograms_of(mass_kg),
    }
    told = body if made is None else body | {"made": made}
    return stage.happens(did, "EventHappened", told, key=f"{_LENSES}:{action}", by=HALDEN)
