"""Logging: on the Carnival's first day, communities put on record what they bring to it."""

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from bioloom.doors.answers.playing import ActTold
from bioloom.doors.importing import take_in
from bioloom.doors.stories.carnival.calendar import WEEKS
from bioloom.doors.stories.carnival.people import INES
from bioloom.doors.stories.carnival.places import MERIDIAN, NEIGHBOURHOODS
from bioloom.doors.stories.carnival.scenes.figures import held_mg, owned_mg
from bioloom.doors.stories.carnival.scenes.filling import Bag, give_by_form, label_for
from bioloom.doors.stories.carnival.scenes.publishing import publish_panels
from bioloom.doors.stories.staging import Scene, Stage
from bioloom.doors.stories.weighing import in_tonnes
from bioloom.doors.taking import Options
from bioloom.ledger.arriving import natural_key
from bioloom.vocabulary.agents import commons_of
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import Instant

_LOGGED_AT = Instant("2025-10-04T12:30:00.000Z")
_DAY = "2025-10-04"
_SOURCE = "stalls"
# What the stalls weighed of each material, at least and at most [kilograms].
_STALLS = {"metals": (1_800, 2_600), "glass": (900, 1_500), "wood": (600, 1_100)}
_MAPPING = f"""\
kind = "tons"
source = "{_SOURCE}"
stamp = "generated"
district = "neighbourhood"
[period]
at = "day"
[[amounts]]
columns = ["kilograms"]
material = "material"
unit = {{ value = "kg" }}
"""


def stall_lot(neighbourhood: str, material: str) -> LotId:
    """The lot of what a neighbourhood's stalls weighed of a material on the Carnival's day."""
    return LotId(natural_key(_SOURCE, _DAY, neighbourhood, material))


def log(stage: Stage) -> Scene:
    """A table of the stalls is taken in, a bag given by the form, and a recipe published."""
    stage.go_to(_LOGGED_AT)
    scene = Scene(stage, "logging", "The communities log what they bring")
    before = stage.head()
    lots = sum(1 for _ in stage.city.journal.read(kinds=["LotArrived"]))
    had_mg, outside_mg = owned_mg(stage), held_mg(stage, MERIDIAN)
    scene.told.append(
        f"Since {WEEKS.first}, {lots:,} lots were logged: {before:,} entries. "
        f"The Biolithic Network owns {in_tonnes(had_mg)}, and {in_tonnes(outside_mg)} of it "
        f"is in the hands of {stage.name(MERIDIAN)}, whose contracts have ended."
    )
    table = scene.add(_take_table(stage))
    bag = Bag(label_for(stage, "bag"), commons_of("01"), "01", "textiles", "42.5")
    form = scene.add(give_by_form(stage, bag, by=INES))
    scene.told.append(
        f"On the Carnival's morning {in_tonnes(owned_mg(stage) - had_mg)} more come in."
    )
    recipe = scene.add(publish_panels(stage))
    is_logged = {table.outcome, form.outcome} == {"recorded"}
    scene.must("The communities' lots are on record, by a table and by a form.", holds=is_logged)
    scene.must("A recipe is public, and dated.", holds=recipe.outcome == "recorded")
    return scene


def _take_table(stage: Stage) -> ActTold:
    """Oren takes in the table of the stalls' weights, as `bioloom import` does."""
    random = Random(stage.seed)  # noqa: S311  A made-up city, not a secret.
    rows = [
        f"{_DAY},{number:02},{material},{random.randrange(*kilograms)}"
        for number in range(1, len(NEIGHBOURHOODS) + 1)
        for material, kilograms in _STALLS.items()
    ]
    text = "\n".join(["day,neighbourhood,material,kilograms", *rows, ""])
    steward = stage.city.settings.steward

    def taken() -> int:
        with TemporaryDirectory() as folder:
            table, mapping = Path(folder) / "stalls.csv", Path(folder) / "stalls.toml"
            table.write_text(text, encoding="utf-8")
            mapping.write_text(_MAPPING, encoding="utf-8")
            options = Options(map_=mapping)
            return take_in(stage.city, [table], options, author=steward, clock=stage.now).head_seq

    return stage.tries(
        f"takes in a table of {len(rows)} weighings from the stalls of all neighbourhoods",
        "table",
        steward,
        taken,
    )
