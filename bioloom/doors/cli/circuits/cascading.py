"""`bioloom circuits cascade`: what piles up where when sites fail, and what would prevent it."""

from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape

from bioloom.circuits.cascading.cascading import Cascade
from bioloom.circuits.cascading.courses import Course, Down
from bioloom.doors.answers.cascading import tell_cascade
from bioloom.doors.cli.planning import period_between
from bioloom.doors.cli.printing import (
    DONE,
    WANTING,
    AsJson,
    out,
    percent,
    print_json,
    table,
    tonnes,
)
from bioloom.doors.codes.bringing import read_trial
from bioloom.doors.compose import open_city
from bioloom.doors.foreseeing.asking import Storm, storm_in
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.places import SiteId
from bioloom.vocabulary.quantities import MG_PER_TONNE
from bioloom.vocabulary.refusal import Refusal

# Districts that stand in the table; --json has them all.
_WORST = 12


class DownUnreadable(Refusal):
    """A word that names no site and hour."""

    def __init__(self, *, text: str) -> None:
        self.text = text
        super().__init__(
            what=f"'{text}' does not say which site fails when.",
            why="Behind the last @ stands the hour in which it fails, a whole number.",
            remedy="Write SITE, or SITE@HOUR such as digester@6.",
        )


class AmountUnreadable(Refusal):
    """A tolerance or a room that is no number of those it can be."""

    def __init__(self, *, option: str, amount: float) -> None:
        self.option, self.amount = option, amount
        super().__init__(
            what=f"{option} {amount} is not a number from 0 to a million.",
            why="It would say nothing of a city.",
            remedy=f"Give one such as {option} 1.",
        )


def cascade(
    folder: Path,
    *,
    down: Annotated[list[str] | None, Parameter(consume_multiple=True)] = None,
    hours: int = 24,
    tolerance: float = 0.2,
    more: float = 1.0,
    tries: int = 12,
    from_: Annotated[date | None, Parameter(name="--from")] = None,
    to: date | None = None,
    day: date | None = None,
    with_code: Annotated[list[Path] | None, Parameter(consume_multiple=True)] = None,
    without_code: Annotated[list[str] | None, Parameter(consume_multiple=True)] = None,
    as_json: AsJson = False,
) -> int:
    """Follow the city while sites fail: what piles up where by the hour, what would prevent it.

    Once with a new plan every hour; once with none, where what fails overloads the next; and in the
    null model of Motter and Lai. Writes nothing. Exits with 1 if the checker finds a fault.

    Example: bioloom circuits cascade nyc --down newtown_creek hunts_point_mrf@6 --hours 48

    Parameters
    ----------
    folder
        The city's folder.
    down
        Sites that fail, each from the first hour or from SITE@HOUR on.
    hours
        How many hours to follow it, a week at most.
    tolerance
        What a site bears above its room, as a share, where nobody plans anew.
    more
        The room, in tonnes a day, whose best place is looked for; 0 looks for none.
    tries
        How many places are tried at most.
    from_
        First day of the period whose tonnage is followed; the newest month unless given.
    to
        Last day.
    day
        The day whose Codes and disruptions are in force in every hour; of the period's days the
        nearest to today unless given.
    with_code
        Files of Codes to try as if they were in force, to see what follows.
    without_code
        Codes to leave out, to see what follows.
    as_json
        Print all hours of all districts as JSON.
    """
    failing = [_down(text) for text in down or []]
    asked = Storm(
        period=period_between(from_, to),
        day=day,
        down=tuple(failing),
        hours=hours,
        tolerance_per_mille=round(_amount("--tolerance", tolerance) * 1000),
        more_mg_per_day=round(_amount("--more", more) * MG_PER_TONNE),
        most_tried=round(_amount("--tries", tries)),
    )
    with open_city(folder) as city:
        trial = read_trial(city, with_code or [], without_code or [])
        found = storm_in(city, asked, trial=trial)
        if as_json:
            print_json(tell_cascade(found))
        else:
            _show(found, city.journal.declared(), out())
    return DONE if found.checked else WANTING


def _down(text: str) -> Down:
    site, at, hour = text.rpartition("@")
    if not at:
        return Down(site=SiteId(text))
    if not (hour.isascii() and hour.isdigit() and len(hour) < 6):
        raise DownUnreadable(text=text)
    return Down(site=SiteId(site), hour=int(hour))


def _amount(option: str, amount: float) -> float:
    # Not the other way round, so that what is no number fails, too.
    if not 0 <= amount <= 1e6:
        raise AmountUnreadable(option=option, amount=amount)
    return amount


def _show(found: Cascade, declared: Declared, console: Console) -> None:
    hours = len(found.rerouted.hours)
    console.print(
        f"[bold]{hours} hours[/] of the mean day from {found.period}, modelled, as on {found.day}",
        soft_wrap=True,
    )
    in_force = [*(f"Code {code}" for code in found.codes), *found.disruptions]
    if in_force:
        console.print(f"In force: {escape(', '.join(in_force))}.", soft_wrap=True)
    ways = {
        "as it stands": found.undisturbed,
        "planned anew every hour": found.rerouted,
        "left to itself": found.overflowed,
    }
    rows = [[name, *_totals(course)] for name, course in ways.items()]
    columns = ["", "#arrived t", "#worked off t", "#waits t", "#held t", "#failed of overload"]
    console.print(table("At the end", columns, rows))
    failures = [
        [str(one.hour), declared.sites[one.site].name, one.cause, tonnes(one.load_mg)]
        for one in found.overflowed.failures
    ]
    if failures:
        columns = ["#hour", "site", "because", "#load t"]
        console.print(table("Failures, left to itself", columns, failures))
    _show_build_up(found, declared, console)
    _show_missed(found, declared, console)
    null = found.null_model
    console.print(
        f"Null model (Motter and Lai): {len(null.sites_failed)} more sites and "
        f"{len(null.districts_failed)} districts fail in {len(null.rounds)} rounds; "
        f"{percent(null.joined)} of all places stay joined.",
        soft_wrap=True,
    )
    _show_reinforcements(found, declared, console)
    word = "checks" if found.checked else "DOES NOT CHECK"
    console.print(f"Every plan {word}: largest gap {found.rerouted.gap:.1e}.")


def _totals(course: Course) -> list[str]:
    last = course.hours[-1]
    overloads = sum(failure.cause == "overload" for failure in course.failures)
    arrived_mg = sum(hour.arrived_mg for hour in course.hours)
    taken_mg = sum(hour.taken_mg for hour in course.hours)
    masses = map(tonnes, (arrived_mg, taken_mg, last.waiting_mg, last.held_mg))
    return [*masses, str(overloads)]


def _show_build_up(found: Cascade, declared: Declared, console: Console) -> None:
    alone = found.overflowed.build_up_mg
    rows = [
        [
            declared.districts[name].name,
            *map(tonnes, (row[len(row) // 2], row[-1], alone[name][-1])),
        ]
        for name, row in sorted(
            found.rerouted.build_up_mg.items(), key=lambda of: (-of[1][-1], -alone[of[0]][-1])
        )
        if row[-1] or alone[name][-1]
    ]
    if not rows:
        console.print("Nothing piles up.")
        return
    columns = ["district", "#halfway t", "#at the end t", "#left to itself t"]
    title = f"Waiting, the most {_WORST} of {len(rows)} districts" if rows[_WORST:] else "Waiting"
    console.print(table(title, columns, rows[:_WORST]))


def _show_missed(found: Cascade, declared: Declared, console: Console) -> None:
    left_alone = {(one.code, one.rule, one.district): one.placed for one in found.overflowed.missed}
    anew = {(one.code, one.rule, one.district): one.placed for one in found.rerouted.missed}
    guaranteed = {
        (one.code, one.rule, one.district): (one.group, one.guaranteed_per_mille)
        for one in (*found.rerouted.missed, *found.overflowed.missed)
    }
    if not guaranteed:
        return
    rows = [
        [
            f"{key[0]} rule {key[1]}",
            declared.districts[key[2]].name,
            group,
            percent(per_mille / 1000),
            percent(anew[key]) if key in anew else "kept",
            percent(left_alone[key]) if key in left_alone else "kept",
        ]
        for key, (group, per_mille) in sorted(guaranteed.items())
    ]
    columns = ["Code", "district", "of", "#guaranteed", "#planned anew", "#left to itself"]
    console.print(table("Guarantees not kept by the end", columns, rows))


def _show_reinforcements(found: Cascade, declared: Declared, console: Console) -> None:
    tried = found.tried.reinforcements
    if not tried:
        return
    rows = [
        [
            declared.sites[one.site].name,
            ", ".join(one.accepts),
            tonnes(one.prevented_mg),
            tonnes(one.prevented_mg_h),
        ]
        for one in tried
    ]
    title = f"What {tonnes(tried[0].more_mg_per_day)} t more room a day would have prevented"
    columns = ["where", "takes", "#at the end t", "#over all hours t h"]
    console.print(table(title, columns, rows))
    if found.tried.untried:
        console.print(f"Not tried: {', '.join(found.tried.untried)}.", soft_wrap=True)
