"""Playing: the Carnival from its opening to its proof."""

from contextlib import closing

from bioloom.doors.answers.carnival import CarnivalPlayed
from bioloom.doors.compose import City
from bioloom.doors.stories.carnival.calendar import STANDS_AT
from bioloom.doors.stories.carnival.living import SEED
from bioloom.doors.stories.carnival.scenes.blockading import blockade
from bioloom.doors.stories.carnival.scenes.enacting import enact
from bioloom.doors.stories.carnival.scenes.logging import log
from bioloom.doors.stories.carnival.scenes.proving import prove
from bioloom.doors.stories.carnival.scenes.releasing import release
from bioloom.doors.stories.carnival.scenes.taking import take
from bioloom.doors.stories.staging import Stage

_SCENES = (log, enact, take, blockade, release, prove)


def play_carnival(city: City, seed: int = SEED) -> CarnivalPlayed:
    """Let the Carnival happen, scene by scene, and tell it from the record that it leaves.

    Args:
        city: A Biolith on the morning of its Carnival; what happens is recorded in it.
        seed: What it was made from.
    """
    with closing(Stage(city, seed, STANDS_AT)) as stage:
        scenes = [play(stage) for play in _SCENES]
    head = city.journal.head()
    held = [one for scene in scenes for one in scene.held]
    return CarnivalPlayed(
        city=city.settings.name,
        entries=head.seq,
        hash=head.hash,
        holds=all(one.holds for one in held),
        scenes=[scene.answer() for scene in scenes],
        held=held,
    )
