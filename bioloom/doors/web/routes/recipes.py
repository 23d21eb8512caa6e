"""Pages of recipes: which are public since when, how each is made, and what was made by it."""

from litestar import Response, get
from litestar.params import FromPath

from bioloom.doors.keys.showing import head_or_none
from bioloom.doors.web.guards.reading import reader_of
from bioloom.doors.web.rendering import AnyRequest, Pages
from bioloom.doors.web.visiting import Visiting
from bioloom.ledger.recipes.following import recipe, recipes


@get("/recipes", include_in_schema=False, sync_to_thread=True)
def recipes_page(request: AnyRequest, renderer: Pages) -> Response[str]:
    """All recipes, the oldest first."""
    standing = renderer.desk.standing()
    listed = recipes(renderer.desk.city.journal)
    return renderer.page(request, "recipes", standing, rows=listed)


@get("/recipes/{name:str}", include_in_schema=False, sync_to_thread=True)
def recipe_page(
    request: AnyRequest, renderer: Pages, visitor: Visiting, name: FromPath[str]
) -> Response[str]:
    """One recipe with its steps, the proof of its date, and the lots that were made by it."""
    told = recipe(renderer.desk.city.journal, name)
    reader = reader_of(renderer, visitor)
    return renderer.page(
        request,
        "recipe",
        renderer.desk.standing(),
        recipe=told,
        made=[one for one in told.made if reader.knows_lot(one.lot)],
        provable=head_or_none(renderer.desk.city)[0] is not None,
    )
