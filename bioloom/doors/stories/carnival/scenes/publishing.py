"""Publishing: how mycelium panels are grown is anybody's, and since when is on record."""

from decimal import Decimal

from bioloom.doors.answers.playing import ActTold
from bioloom.doors.packs.publishing import publish_recipe
from bioloom.doors.stories.carnival.people import KAITO
from bioloom.doors.stories.carnival.places import SHARES
from bioloom.doors.stories.staging import Stage
from bioloom.ledger.recipes.publishing import publish
from bioloom.vocabulary.amounts import read_amount
from bioloom.vocabulary.entries.actions import Action
from bioloom.vocabulary.entries.events import SpecificationId
from bioloom.vocabulary.entries.recipes import RecipeFlow, RecipeProcess
from bioloom.vocabulary.materials import MaterialId

NAME = "Mycelium panels from straw and sawdust"
_TEXT = (
    "Pasteurise straw and sawdust, let them cool, mix in spawn, fill moulds, and let the fungus "
    "grow through them in the dark for five days; then dry the panels."
)


def publish_panels(stage: Stage) -> ActTold:
    """Kaito publishes his recipe under an open licence: from now on it is prior art."""
    made = tuple(_flow("produce", material, share) for material, share in SHARES["mycelium"].makes)
    recipe = publish(
        name=NAME,
        licence="CC-BY-SA-4.0",
        text=_TEXT,
        processes=(
            RecipeProcess(
                name="Growing",
                specification=SpecificationId("mycelium"),
                inputs=(_flow("consume", "straw", 600), _flow("consume", "wood", 400)),
                outputs=made,
                duration=read_amount(Decimal(5), "d")[0],
            ),
        ),
    )
    return stage.tries(
        f"publishes '{NAME}' under {recipe.licence}, so that nobody can shut it away",
        "recipes",
        KAITO,
        lambda: publish_recipe(stage.city, recipe, author=KAITO, clock=stage.now).seq,
    )


def _flow(action: Action, material: str, kilograms: int) -> RecipeFlow:
    amount, _ = read_amount(Decimal(kilograms), "kg")
    return RecipeFlow(action=action, amount=amount, material=MaterialId(material))
