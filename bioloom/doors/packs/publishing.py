"""Publishing recipes in a city: by whoever wants to, in their own name; the same one once."""

from collections.abc import Callable

from bioloom.doors.compose import City, now
from bioloom.ledger.events.mentioning import recipe_name
from bioloom.ledger.people.people import people_of
from bioloom.ledger.people.permitting import About, may
from bioloom.ledger.recipes.following import RecipeListed, recipe
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.recipes import RecipePublished
from bioloom.vocabulary.periods import Instant


def publish_recipe(
    city: City, body: RecipePublished, *, author: AgentId, clock: Callable[[], Instant] = now
) -> RecipeListed:
    """Record a recipe; what says the same is the same recipe, and keeps its first date.

    Args:
        city: An open city.
        body: The recipe.
        author: Who publishes it, in their own name.
        clock: What time it is.

    Raises:
        NotPermitted: If the author is nobody in the record.
        LicenceNotOpen, RecipeSenseless, RecipeUnknown: If it cannot be published.
    """
    at = clock()
    may(author, "publish_recipe", About(sides=(author,)), people_of(city.journal), at=at)
    key = recipe_name(body.recipe)
    if key not in city.journal.current([key]):
        draft = Draft(body=body, occurred_at=city.clock(), author=author, idempotency_key=key)
        city.journal.record([draft], recorded_at=at)
    return recipe(city.journal, body.recipe).listed
