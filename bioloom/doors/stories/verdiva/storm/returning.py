"""Returning: the sites come back, each by the word of who runs the circuits."""

from datetime import timedelta

from bioloom.doors.stories.staging import Scene, Stage
from bioloom.doors.stories.verdiva.storm.calendar import BACK
from bioloom.doors.stories.verdiva.storm.failing import COMPOST, DIGESTER, SORTING, come_back
from bioloom.vocabulary.periods import Instant, Period


def return_(stage: Stage) -> Scene:
    """All sites are mended; from this day on plans count on them again."""
    stage.go_to(Instant(f"{BACK}T04:00:00.000Z"))
    scene = Scene(stage, "return", "The sites come back")
    last = BACK - timedelta(days=1)
    for name, reason in (
        (DIGESTER, "The pumps run again"),
        (SORTING, "The hall has power again"),
        (COMPOST, "The heaps are dry"),
    ):
        scene.add(come_back(stage, name, last, reason))
    today = Period(first=BACK, last=BACK)
    scene.must(
        "From this day on nothing stands in the way of plans.",
        holds=not stage.city.journal.declared().disruptions.touching(today),
    )
    return scene
