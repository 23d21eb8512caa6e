"""Releasing: three of five let one lot go, as the covenant says, and it leaves."""

from collections.abc import Sequence
from datetime import date

from bioloom.doors.stories.carnival.people import (
    ALDGATE,
    IVA,
    KAITO,
    QUORUM,
    ZARA,
    practice_key,
)
from bioloom.doors.stories.carnival.scenes.enacting import COVENANT
from bioloom.doors.stories.carnival.scenes.figures import owned_by_mg
from bioloom.doors.stories.carnival.scenes.logging import stall_lot
from bioloom.doors.stories.carnival.scenes.passing import Hands, Passing, fetch, release_of
from bioloom.doors.stories.carnival.scenes.signing import signed
from bioloom.doors.stories.staging import Scene, Stage
from bioloom.vocabulary.agents import AgentId, commons_of
from bioloom.vocabulary.amounts import MILLIGRAM
from bioloom.vocabulary.entries.covenants import LotReleased
from bioloom.vocabulary.entries.events import ReleaseId
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import Instant

_RELEASED_AT = Instant("2025-10-13T10:00:00.000Z")
_GLASS, _SOLD = stall_lot("03", "glass"), LotId("glassworks:released")
_RELEASED_KG = 250
_RELEASE = ReleaseId("aldgate-1")


def release(stage: Stage) -> Scene:
    """Two signatures are too few; three let it go, once, into a lot of its own."""
    stage.go_to(_RELEASED_AT)
    scene = Scene(stage, "release", "One lot is let go, by a quorum")
    terms = LotReleased(
        release=_RELEASE,
        covenant=COVENANT,
        lot=_GLASS,
        units=_RELEASED_KG * 1_000_000,
        base_unit=MILLIGRAM,
        to=ALDGATE,
        until=date(2025, 10, 31),
        reason="For the lamps of the Carnival, which come back as a gift.",
    )
    few = _hand_in(scene, stage, terms, (IVA, ZARA))
    enough = _hand_in(scene, stage, terms, (IVA, ZARA, KAITO))
    left = _leave(scene, stage, _RELEASED_KG, _SOLD)
    again = _leave(scene, stage, 1, LotId("glassworks:once-more"))
    owned_mg = owned_by_mg(stage, ALDGATE)
    scene.told.append(
        f"{stage.name(ALDGATE)} owns {owned_mg // 1_000_000} kg of glass, as {QUORUM} signers let "
        "it; what is left of the lot stays bound."
    )
    scene.must("Two signatures are too few for a release.", holds=few == "refused")
    scene.must(
        "Three let one lot go, and it leaves.",
        holds=(enough, left, owned_mg) == ("recorded", "recorded", _RELEASED_KG * 1_000_000),
    )
    scene.must("A release that is used up lets nothing more go.", holds=again == "refused")
    return scene


def _hand_in(scene: Scene, stage: Stage, terms: LotReleased, signers: Sequence[AgentId]) -> str:
    """A release is handed in with the signatures of some; what becomes of it."""
    names = ", ".join(map(stage.name, signers))
    release = signed(stage, terms, [practice_key(one, stage.seed) for one in signers])
    act = stage.brings(
        f"hands in a release of {_RELEASED_KG} kg of glass that {names} have signed",
        release,
        by=IVA,
    )
    return scene.add(act).outcome


def _leave(scene: Scene, stage: Stage, mass_kg: int, into: LotId) -> str:
    """Some glass passes under the release, into a lot that this makes; what becomes of it."""
    giver, receiver = Hands(commons_of("03"), IVA), Hands(ALDGATE, ALDGATE)
    passing = Passing(f"sale:{into}", "glass", _GLASS, mass_kg, giver, receiver, "transfer")
    scene.add(fetch(stage, passing))
    return scene.add(release_of(stage, passing, _RELEASE, into=into)).outcome
