"""`bioloom recipes`: open recipes, published with a date that anybody can check."""

from pathlib import Path

from rich.markup import escape

from bioloom.doors.acting import acting_as
from bioloom.doors.capturing.documents import YAML_ENDINGS, read_bytes
from bioloom.doors.cli.printing import AsAgent, AsJson, amount, out, print_json, table
from bioloom.doors.compose import open_city
from bioloom.doors.packs.publishing import publish_recipe
from bioloom.ledger.formats.valueflows.graph import read_graph
from bioloom.ledger.formats.valueflows.recipes import recipe_of
from bioloom.ledger.recipes import following
from bioloom.ledger.recipes.following import RecipeListed
from bioloom.vocabulary.amounts import base_of
from bioloom.vocabulary.entries.recipes import RecipeFlow


def publish(
    folder: Path,
    file: Path,
    *,
    licence: str,
    name: str | None = None,
    predecessor: str | None = None,
    as_: AsAgent = None,
    as_json: AsJson = False,
) -> None:
    """Publish a recipe under an open licence: from now on it is prior art, and dated.

    The file is Valueflows (JSON or YAML): RecipeProcesses with their RecipeFlows.

    Example: bioloom recipes publish verdiva felt.json --licence CC-BY-SA-4.0 --as site:textile

    Parameters
    ----------
    folder
        The city's folder.
    file
        The recipe.
    licence
        Its SPDX identifier, such as CC-BY-4.0 or CERN-OHL-S-2.0.
    name
        What it is called; as the file says unless given.
    predecessor
        The hash of the recipe of which it is the next version.
    as_
        Who publishes it, in their own name; the steward unless given.
    as_json
        Print it as JSON.
    """
    graph = read_graph(read_bytes(file), is_yaml=file.suffix.lower() in YAML_ENDINGS)
    with open_city(folder) as city:
        author = acting_as(city, as_)
        before = None
        if predecessor is not None:
            before = following.recipe(city.journal, predecessor).listed.recipe
        body = recipe_of(graph, licence=licence, name=name, predecessor=before)
        listed = publish_recipe(city, body, author=author)
    if as_json:
        print_json(listed)
        return
    console = out()
    told = f"'{listed.name}' is public since {listed.recorded_at}, under {listed.licence}."
    console.print(escape(told), soft_wrap=True)
    console.print(f"Its hash is {listed.recipe}.", soft_wrap=True)
    console.print(
        f"Prove its date to anybody: bioloom prove {escape(str(folder))} {listed.seq}",
        soft_wrap=True,
    )


def list_(folder: Path, *, as_json: AsJson = False) -> None:
    """List the published recipes, the oldest first.

    Example: bioloom recipes list verdiva

    Parameters
    ----------
    folder
        The city's folder.
    as_json
        Print them as JSON.
    """
    with open_city(folder) as city:
        listed = list(following.recipes(city.journal))
    if as_json:
        print_json(listed)
        return
    rows = [
        (one.recipe[:12], one.name, one.licence, _since(one), one.author, one.origin or "")
        for one in listed
    ]
    columns = ("recipe", "name", "licence", "public since", "by", "adopted from")
    out().print(table(f"{len(listed)} recipes", columns, rows))


def show(
    folder: Path,
    recipe: str,
    *,
    as_json: AsJson = False,
) -> None:
    """Show a recipe: its steps, its date, and what was made by it.

    Example: bioloom recipes show verdiva 3f9a7c

    Parameters
    ----------
    folder
        The city's folder.
    recipe
        Its hash, or how that begins.
    as_json
        Print it as JSON.
    """
    with open_city(folder) as city:
        told = following.recipe(city.journal, recipe)
    if as_json:
        print_json(told)
        return
    console, listed = out(), told.listed
    console.print(f"[bold]{escape(listed.name)}[/], {listed.licence}", soft_wrap=True)
    console.print(
        escape(f"Public since {_since(listed)}, entry {listed.seq}, by {listed.author}."),
        soft_wrap=True,
    )
    if told.body.text:
        console.print(escape(told.body.text), soft_wrap=True)
    for process in told.body.processes:
        rows = [("in", *_flow(flow)) for flow in process.inputs]
        rows += [("out", *_flow(flow)) for flow in process.outputs]
        console.print(table(process.name, ("", "action", "#amount", "of"), rows))
    if told.made:
        made = [
            (one.lot, one.process, amount(one.amount.units, base_of(one.amount.unit)[0]))
            for one in told.made
        ]
        console.print(table("What was made by it", ("lot", "process", "#amount"), made))


def _since(listed: RecipeListed) -> str:
    return listed.published_at


def _flow(flow: RecipeFlow) -> tuple[str, str, str]:
    return flow.action, f"{flow.amount.reported} {flow.amount.unit}", flow.material or ""
