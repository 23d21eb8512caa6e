"""Pages of recipes: which are public since when, how each is made, and what was made by it."""

from itertools import islice

from litestar import Response, get
from litestar.params import FromPath

from bioloom.doors.keys.showing import head_or_none
from bioloom.doors.web.asking import read_seq
from bioloom.doors.web.guards.reading import reader_of
from bioloom.doors.web.rendering import AnyRequest, Pages
from bioloom.doors.web.visiting import Visiting
from bioloom.ledger.recipes.following import recipe, recipes

PAGE_RECIPES = 50


@get("/recipes", include_in_schema=False, sync_to_thread=True)
def recipes_page(request: AnyRequest, renderer: Pages) -> Response[str]:
    """Recipes, the oldest first, fifty at a time."""
    after = request.query_params.get("after")
    begin = read_seq("after", after) if after else 0
    rows = list(islice(recipes(renderer.desk.city.journal, after=begin), PAGE_RECIPES + 1))
    following = rows[PAGE_RECIPES - 1].seq if len(rows) > PAGE_RECIPES else None
    return renderer.page(
        request,
        "recipes",
        renderer.desk.standing(),
        rows=rows[:PAGE_RECIPES],
        after=after,
        following=following,
    )


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


PAGES = (recipes_page, recipe_page)
