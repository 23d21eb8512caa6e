"""Enacting: the communities bind their materials by a covenant."""

from hashlib import sha256

import msgspec

from bioloom.doors.stories.carnival.people import NETWORK, OREN, QUORUM, SIGNERS
from bioloom.doors.stories.carnival.scenes.figures import bound
from bioloom.doors.stories.staging import Scene, Stage
from bioloom.doors.stories.weighing import in_tonnes
from bioloom.vocabulary.amounts import MILLIGRAM
from bioloom.vocabulary.entries.covenants import CovenantEnacted, CovenantId
from bioloom.vocabulary.entries.events import SpecificationId
from bioloom.vocabulary.periods import Instant

COVENANT = CovenantId("waste-sovereignty")
ENACTED_AT = Instant("2025-10-04T14:00:00.000Z")
# For so many days others may hold what is bound, to mend it or to carry it.
CUSTODY_DAYS = 5
TITLE = "Waste Sovereignty of the Biolithic Network"
TEXT = (
    "What our neighbourhoods gather, and all that is made of it, belongs to us and stays with us. "
    f"Others may hold some of it to mend it or to carry it, for {CUSTODY_DAYS} days, and bring it "
    f"back. Nobody burns it. {QUORUM} of us five, whom the neighbourhoods have named, may let a "
    "lot go; nobody else may, and none of us alone."
)


def enact(stage: Stage) -> Scene:
    """Oren enacts what the neighbourhoods have agreed on."""
    stage.go_to(ENACTED_AT)
    scene = Scene(stage, "covenant", "The covenant is enacted")
    declared = stage.city.journal.declared()
    terms = CovenantEnacted(
        covenant=COVENANT,
        commons=NETWORK,
        title=TITLE,
        text=TEXT,
        text_sha256=sha256(TEXT.encode()).hexdigest(),
        # All that is weighed; crates and hours of work may come and go.
        materials=tuple(
            one.material for one in declared.materials.values() if one.base_unit == MILLIGRAM
        ),
        custody_days=CUSTODY_DAYS,
        forbidden=(SpecificationId("recovery"),),
        quorum=QUORUM,
        signers=SIGNERS,
    )
    act = stage.brings(
        f"enacts the covenant '{TITLE}' for all neighbourhoods, sites and makers", terms, by=OREN
    )
    # Its entry names persons, and is theirs to read; its page is for everybody.
    scene.add(msgspec.structs.replace(act, page=f"/covenants/{COVENANT}"))
    lots, bound_mg = bound(stage)
    scene.told.append(
        f"It binds {lots:,} lots of {in_tonnes(bound_mg)}, and all that will be made of them. "
        f"{QUORUM} of {len(SIGNERS)} signers can let a lot go: "
        f"{', '.join(map(stage.name, SIGNERS))}."
    )
    is_enacted = act.outcome == "recorded" and lots > 0
    scene.must("The communities' lots are bound by their covenant.", holds=is_enacted)
    return scene
