"""`bioloom pledges`: what a street undertakes together for a season, and how it is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.markup import escape

from bioloom.doors.acting import acting_as
from bioloom.doors.answers.pledges import PledgeTold, tell_pledge
from bioloom.doors.cli.people.deciding import tell_decided
from bioloom.doors.cli.printing import AsAgent, AsJson, amount, out, percent, print_json, table
from bioloom.doors.compose import City, open_city
from bioloom.doors.register.deciding import decide
from bioloom.ledger.people.deciding import Deed
from bioloom.ledger.people.people import people_of
from bioloom.ledger.pledges import pledging
from bioloom.ledger.pledges.counting import Progress, gather, known_pledge, pledges_of
from bioloom.ledger.pledges.seasons import Pledge
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM, read_amount
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.pledges import PledgeId, PledgeMade
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Period

From = Annotated[date, Parameter(name="--from")]
Materials = Annotated[list[str] | None, Parameter(consume_multiple=True)]


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is undertaken, and until when.

    Parameters
    ----------
    commons
        Whose pledge it is.
    title
        What it is called.
    text
        What people undertake, in their language.
    from_
        The first day of its first season.
    to
        The last day of it.
    counted
        Materials that count for it, such as organics that are kept apart.
    against
        Materials that count against it, such as mixed refuse.
    share
        At least so many percent of the mass of both is to be of what counts for it.
    more_kg
        Or: so many kilograms more are to be of what counts for it than of what counts against it.
    """

    commons: str
    title: str
    text: str
    from_: From
    to: date
    counted: Annotated[list[str], Parameter(consume_multiple=True)]
    against: Materials = None
    share: Decimal | None = None
    more_kg: Decimal | None = None


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Giving:
    """Whose word is given or taken back, by whom, and how that is told.

    Parameters
    ----------
    who
        Whose word it is; the agent's own unless given.
    as_
        Which agent says it; the steward unless given.
    as_json
        Print the entry as JSON.
    """

    who: str | None = None
    as_: AsAgent = None
    as_json: AsJson = False


_OWN = Giving()


def make(
    folder: Path, pledge: str, *, terms: Terms, as_: AsAgent = None, as_json: AsJson = False
) -> None:
    """Make a pledge of a commons; people then join it by their own word.

    Example: bioloom pledges make town willow --commons commons:willow --title "Apart"
        --text "We keep our kitchen waste apart." --counted organics --against refuse
        --share 80 --from 2026-03-01 --to 2026-05-31

    Parameters
    ----------
    folder
        The city's folder.
    pledge
        Its name.
    terms
        What is undertaken.
    as_
        Who makes it for the commons; the steward unless given.
    as_json
        Print the entry as JSON.
    """
    more = None if terms.more_kg is None else read_amount(terms.more_kg, "kg")[0].units
    body = PledgeMade(
        pledge=PledgeId(pledge),
        commons=AgentId(terms.commons),
        title=terms.title,
        text=terms.text,
        first_day=terms.from_,
        last_day=terms.to,
        counted=tuple(map(MaterialId, terms.counted)),
        against=tuple(map(MaterialId, terms.against or ())),
        share_per_mille=None if terms.share is None else _per_mille(pledge, terms.share),
        more_mg=more,
    )
    _decide(folder, as_, as_json, lambda _, deed: pledging.make_pledge(body, deed=deed))


def renew(
    folder: Path,
    pledge: str,
    *,
    from_: From,
    to: date,
    as_: AsAgent = None,
    as_json: AsJson = False,
) -> None:
    """Open a further season of a pledge. Nobody is in it who does not join it anew.

    Example: bioloom pledges renew town willow --from 2026-06-01 --to 2026-08-31

    Parameters
    ----------
    folder
        The city's folder.
    pledge
        Its name.
    from_
        The season's first day.
    to
        Its last day.
    as_
        Who renews it for the commons; the steward unless given.
    as_json
        Print the entry as JSON.
    """
    period = Period(first=from_, last=to)
    _decide(
        folder,
        as_,
        as_json,
        lambda city, deed: pledging.renew_pledge(_known(city, pledge), period, deed=deed),
    )


def join(folder: Path, pledge: str, *, word: Giving = _OWN) -> None:
    """Give one's word, or that of one's household, for the newest season of a pledge.

    Example: bioloom pledges join town willow --who household:7 --as person:4nq7

    Parameters
    ----------
    folder
        The city's folder.
    pledge
        Its name.
    word
        Whose word it is.
    """
    _say(folder, pledge, word, pledging.join_pledge)


def leave(folder: Path, pledge: str, *, word: Giving = _OWN) -> None:
    """Take one's word for the newest season of a pledge back.

    Example: bioloom pledges leave town willow --who household:7 --as person:4nq7

    Parameters
    ----------
    folder
        The city's folder.
    pledge
        The name of the pledge.
    word
        Whose word it was.
    """
    _say(folder, pledge, word, pledging.leave_pledge)


def list_(folder: Path, *, as_json: AsJson = False) -> None:
    """List the pledges of a city, and how their newest seasons are kept.

    Example: bioloom pledges list town

    Parameters
    ----------
    folder
        The city's folder.
    as_json
        Print them as JSON.
    """
    with open_city(folder) as city:
        told = _told(city, list(pledges_of(city.journal).values()))
    if as_json:
        print_json(told)
        return
    rows = [
        [one.made.pledge, one.made.title, one.made.commons, *_cells(one.seasons[0])] for one in told
    ]
    columns = ["pledge", "title", "commons", "#season", "days", "#joined", "kept"]
    out().print(table(f"{len(rows)} pledges", columns, rows))


def show(folder: Path, pledge: str, *, as_json: AsJson = False) -> None:
    """Show a pledge, and how each of its seasons is kept.

    Totals are told only where ten households or more, or none, are behind each of them.

    Example: bioloom pledges show town willow

    Parameters
    ----------
    folder
        The city's folder.
    pledge
        Its name.
    as_json
        Print it as JSON.
    """
    with open_city(folder) as city:
        (told,) = _told(city, [_known(city, pledge)])
    if as_json:
        print_json(told)
        return
    made, console = told.made, out()
    console.print(escape(f"{made.title} ({made.pledge}), of {made.commons}"), soft_wrap=True)
    console.print(made.text, markup=False, soft_wrap=True)
    counts = f"Counts for it: {', '.join(made.counted)}. Against it: {', '.join(made.against)}."
    console.print(escape(counts), soft_wrap=True)
    if made.share_per_mille is not None:
        console.print(f"Undertaken: at least {percent(made.share_per_mille / 1000)} of both.")
    if made.more_mg is not None:
        console.print(f"Undertaken: {amount(made.more_mg, MILLIGRAM)} more for it than against.")
    columns = ["#season", "days", "#joined", "kept"]
    console.print(table("Seasons", columns, [_cells(season) for season in told.seasons]))


def _cells(season: Progress) -> list[str]:
    kept = "nothing can be told yet"
    if season.told_until is not None:
        so_far = "reached" if season.is_reached else "not reached"
        kept = (
            f"{so_far} by {season.told_until}: {amount(season.counted_mg, MILLIGRAM)} for it, "
            f"{amount(season.against_mg, MILLIGRAM)} against ({', '.join(season.stamps)})"
        )
    joined = "few" if season.joined is None else str(season.joined)
    return [str(season.season), str(season.period), joined, kept]


def _per_mille(pledge: str, percents: Decimal) -> int:
    per_mille = percents * 10
    if not percents.is_finite() or per_mille != int(per_mille):
        raise pledging.PledgeAmiss(pledge=pledge, found="its share is no tenth of a percent")
    return int(per_mille)


def _known(city: City, pledge: str) -> Pledge:
    return known_pledge(city.journal, pledge)


def _told(city: City, pledges: list[Pledge]) -> list[PledgeTold]:
    gathered, people = gather(city.journal, pledges), people_of(city.journal)
    return [tell_pledge(city, pledge, gathered, people) for pledge in pledges]


def _say(folder: Path, pledge: str, word: Giving, saying: Callable[..., Draft[Any]]) -> None:
    _decide(
        folder,
        word.as_,
        word.as_json,
        lambda city, deed: saying(_known(city, pledge), AgentId(word.who or deed.by), deed=deed),
    )


def _decide(
    folder: Path,
    as_: str | None,
    as_json: bool,
    deciding: Callable[[City, Deed], Draft[Any]],
) -> None:
    with open_city(folder) as city:
        by = acting_as(city, as_)
        at = city.clock()
        (entry,) = decide(city, by, lambda deed: [deciding(city, deed)], occurred_at=at)
    tell_decided(entry, as_json=as_json)
