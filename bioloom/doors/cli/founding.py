"""`bioloom init`: a new city, empty or made up for practice."""

import secrets
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape

from bioloom.doors.answers.commands import CityMade
from bioloom.doors.cli.printing import AsJson, out, print_json
from bioloom.doors.compose import found_city
from bioloom.doors.sampling import fill_with_sample
from bioloom.vocabulary.stamps import Stamp


def init(
    folder: Path,
    *,
    name: str | None = None,
    timezone: str = "UTC",
    language: tuple[str, ...] = ("en", "es"),
    sample: Annotated[bool, Parameter(negative="")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a new city in a folder.

    Example: bioloom init nyc --timezone America/New_York

    Parameters
    ----------
    folder
        Where; it is made if it does not exist.
    name
        What the city is called; the folder's name unless given.
    timezone
        The city's own clock, by which its days and months are counted.
    language
        A language of its pages; give it several times, the first one first.
    sample
        Fill it with 24 districts, sites and a year of tons that are made up for practice.
    as_json
        Print the answer as JSON.
    """
    stamp: Stamp = "generated" if sample else "reported"
    with found_city(
        folder,
        name=name or ("Sample city" if sample else None),
        timezone=timezone,
        languages=language,
        stamp=stamp,
        token=secrets.token_hex(8),
    ) as city:
        if sample:
            fill_with_sample(city)
        head = city.journal.head()
        if as_json:
            made = CityMade(
                folder=str(folder),
                name=city.settings.name,
                stamp=stamp,
                entries=head.seq,
                hash=head.hash,
            )
            print_json(made)
            return
        console = out()
        console.print(f"[bold]{escape(city.settings.name)}[/] is ready in {escape(str(folder))}.")
        if sample:
            console.print(f"See it:  bioloom serve {escape(str(folder))}")
        else:
            console.print("Next, take its records in: districts, sites, and tons by month.")
            command = f"bioloom import {escape(str(folder))} districts.geojson sites.csv tons.csv"
            console.print(f"         {command}", soft_wrap=True)
