"""`bioloom circuits why`: why material goes where it goes, and what would change that."""

from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape

from bioloom.circuits.explaining.questions.changing import read_change
from bioloom.doors.asking.why import About, Question, why
from bioloom.doors.cli.planning import period_between
from bioloom.doors.cli.printing import AsJson, out, print_json
from bioloom.doors.compose import open_city
from bioloom.vocabulary.refusal import Refusal


class NotOneQuestion(Refusal):
    """A question about nothing, or about several things at once."""

    def __init__(self) -> None:
        super().__init__(
            what="Ask about one lot, one district or one site.",
            why="An answer is about one thing, and says what binds it.",
            remedy="Give --lot ID, --district ID or --site ID, and only one of them.",
        )


def ask(
    folder: Path,
    *,
    lot: str | None = None,
    district: str | None = None,
    site: str | None = None,
    what_if: Annotated[list[str] | None, Parameter(consume_multiple=True)] = None,
    from_: Annotated[date | None, Parameter(name="--from")] = None,
    to: date | None = None,
    as_json: AsJson = False,
) -> None:
    """Say why material goes where it goes in the plan, and what would change that.

    Writes nothing. What is said has been tried: each claim stands on a plan of its own.

    Example: bioloom circuits why nyc --district 301 --what-if down=newtown_creek

    Parameters
    ----------
    folder
        The city's folder.
    lot
        Why this lot goes where it goes.
    district
        Why this district is served as it is.
    site
        Why this site takes what it takes.
    what_if
        What would follow from down=SITE, room=SITE:TONNES, offer=DISTRICT/MATERIAL:TONNES or
        send=DISTRICT/GROUP:SITE:TONNES; several may be given.
    from_
        First day of the plan; the newest month with records, or that of the lot, unless given.
    to
        Last day.
    as_json
        Print the answer and all its figures as JSON.
    """
    names: dict[About, str | None] = {"lot": lot, "district": district, "site": site}
    asked = [(about, name) for about, name in names.items() if name is not None]
    if len(asked) != 1:
        raise NotOneQuestion
    [(about, name)] = asked
    period = period_between(from_, to)
    with open_city(folder) as city:
        declared = city.journal.declared()
        changes = tuple(read_change(said, declared) for said in what_if or [])
        told = why(city, Question(about=about, name=name, period=period, changes=changes))
    if as_json:
        print_json(told)
        return
    out().print(f"[bold]{told.first} to {told.last}[/], modelled from the figures of the record")
    for sentence in told.says:
        out().print(escape(sentence), soft_wrap=True)
