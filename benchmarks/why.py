"""Random questions about the plans of New York and Verdiva, and another solver's word on answers.

    python -m benchmarks.why [QUESTIONS]

Questions are about lots, districts and sites, half of them with a what if. Each answer is timed in
an open city whose plan is made, and every claim of it is put to a judge: linear programs of scipy,
built beside this from the declarations, cold for each claim, which share no code with Bioloom's
planning. Half of the questions meet what people decided or reported: sites down, a cut road and a
veto, or Codes; the judge reads these again by itself. A claim holds if the share placed, what is
unmet, the length of all ways, and what has to go past a site are as the judge finds them before
and after the change.
"""

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.import_nyc import BIOLOOM, DATA, TONS
from benchmarks.measuring import print_table
from benchmarks.rivals.judge import Judge
from bioloom.circuits.explaining.questions.answers import Change, Found, Trial
from bioloom.circuits.posing import Node
from bioloom.doors.asking.why import About, Question, WhyTold, why
from bioloom.doors.compose import City, open_city
from bioloom.ledger.declared import Declared
from bioloom.ledger.inventory import supply_lots
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.quantities import MG_PER_TONNE

MOST_MS, LEAST_SHARE = 150, 0.95
# How near the judge must come: scipy keeps its rows, and the judge what it has held, to about a
# thousandth of a millionth, which adds up over all that is offered and the length of all ways.
NEARLY = 1e-6
CODES = {
    "quiet_creek": 'rule = "banned"\nsites = ["newtown_creek"]',
    "near": 'rule = "distance_limited"\nlimit_m = 15000\ngroups = ["refuse"]',
    "share": 'rule = "share_guaranteed"\ngroup = "refuse"\nper_mille = 950\ndistricts = ["101"]',
}
NOVEMBER = Period(first=date(2022, 11, 1), last=date(2022, 11, 30))


@dataclass
class Asked:
    """A question, its answer, what that took, and what the judge says of it."""

    question: Question
    told: WhyTold
    cpu_ms: float
    faults: list[str]

    @property
    def binding(self) -> bool:
        """Whether a cause is named that has been seen to bind."""
        found = [*self.told.what_if, *self.told.found]
        named = all(one.reason not in ("no_single", "equal", "unproven") for one in found)
        return bool(found) and named and not self.faults


def judged(judge: Judge, told: WhyTold) -> list[str]:
    """What of an answer the judge does not find so."""
    faults = [
        fault
        for one in told.what_if
        for trial in one.trials
        for fault in _judged(judge, one, trial, [])
    ]
    for one in told.found:
        if one.reason == "nowhere" and one.district is not None:
            share = judge.values(told.changes)[0][str(one.district), str(one.group)]
            faults += [f"{one.group} of {one.district} has a way"] if share > NEARLY else []
        for trial in one.trials:
            faults += _judged(judge, one, trial, told.changes)
    return faults


def _judged(judge: Judge, found: Found, trial: Trial, changes: list[Change]) -> Iterator[str]:
    made = judge.decided.lifts(found, trial.change)
    then = changes if trial.change.kind == "none" else [*changes, *made]
    cell = None if found.district is None else (str(found.district), str(found.group))
    for word, world, figures in (("now", changes, trial.before), ("then", then, trial.then)):
        shares, unmet_t, length = judge.values(world)
        share = min(shares.values()) if cell is None else shares.get(cell, 1.0)
        pairs = [
            ("share", figures.service, share),
            ("unmet", figures.unmet_mg / MG_PER_TONNE, unmet_t),
            ("ways", figures.way_t_km, length),
        ]
        if figures.past_mg is not None and cell is not None:
            past_t = judge.past(world, cell, str(found.site))
            pairs.append(("past", figures.past_mg / MG_PER_TONNE, past_t))
        all_t = sum(judge.offered.values())
        for name, ours, theirs in pairs:
            grain = {"unmet": all_t / 10, "past": all_t}.get(name, 1.0)
            if abs(ours - theirs) > NEARLY * max(grain, abs(theirs)):
                yield f"{trial.change.kind}: {name} {word} is {ours:.6g}, by the judge {theirs:.6g}"


def ask_all(city: City, period: Period, many: int, seed: int) -> list[Asked]:
    """Ask random questions of one city, and have each answer judged."""
    chance = random.Random(seed)
    declared, plan = city.journal.declared(), city.plan(period)
    offered = city.offered_mg(period)
    judge = Judge(declared, city.figures(plan.period).codes.versions, plan, offered)
    supply = supply_lots(city.journal, period, city.settings.zone)
    names: dict[About, list[str]] = {
        "lot": [str(lot.lot) for lots in supply.values() for lot in lots],
        "district": [str(name) for name in declared.districts],
        "site": [str(name) for name in declared.sites],
    }
    asked = []
    for number in range(many):
        about: About = chance.choice(["lot", "district", "site"])
        changes = (_change(chance, declared, list(offered.items())),) if number % 2 else ()
        question = Question(
            about=about, name=chance.choice(names[about]), period=period, changes=changes
        )
        start = time.process_time()
        told = why(city, question, plan, offered)
        cpu_ms = (time.process_time() - start) * 1000
        asked.append(Asked(question, told, cpu_ms, judged(judge, told)))
    return asked


def _change(chance: random.Random, declared: Declared, offered: list[tuple[Node, int]]) -> Change:
    site = chance.choice(sorted(declared.sites))
    room_mg = sum(one.capacity_mg_per_day for one in declared.sites[site].intakes)
    (district, material), mass_mg = chance.choice(offered)
    kind = chance.choice(["closed", "more_room", "more_offered"])
    if kind == "closed":
        return Change(kind="closed", site=site)
    if kind == "more_room":
        return Change(kind="more_room", site=site, mass_mg=chance.randint(1, 10) * room_mg)
    group = declared.materials[material].group
    return Change(
        kind="more_offered",
        district=district,
        material=material,
        group=group,
        mass_mg=chance.randint(1, 3) * mass_mg,
    )


def main(many: int) -> int:
    """Ask each city calm and as people decided, print one table; return 1 if a bar is missed."""
    with tempfile.TemporaryDirectory() as place:
        asked = _verdiva(Path(place) / "verdiva", many // 4)
        if TONS.is_file():
            asked |= _new_york(Path(place) / "nyc", many // 4)
        else:
            print("No table of New York: set BIOLOOM_DATA to the folder of records.")
    columns = [
        "",
        "questions",
        "named",
        "none single",
        "equal",
        "faults",
        "median ms",
        "p95",
        "max",
    ]
    print_table("Why and what if", columns, [_row(name, some) for name, some in asked.items()])
    every = [one for some in asked.values() for one in some]
    for one in every:
        for fault in one.faults[:3]:
            print(f"  {one.question}: {fault}")
    share = sum(one.binding for one in every) / len(every)
    middle = statistics.median(one.cpu_ms for one in every)
    held = share >= LEAST_SHARE and middle <= MOST_MS
    print(f"Named and judged right: {share:.1%}; median {middle:.1f} ms of CPU.")
    print(f"Asked: {LEAST_SHARE:.0%} within {MOST_MS} ms. {'Held.' if held else 'MISSED.'}")
    return 0 if held else 1


def _verdiva(folder: Path, many: int) -> dict[str, list[Asked]]:
    """Verdiva as it is, and with a storm: what is down, cut off and vetoed in the newest month."""
    _quietly("init", folder, "--story", "verdiva")
    with open_city(folder) as city:
        days = city.newest_month()
        assert days is not None
    calm = _ask(folder, days, many)
    first = ["--from", days.first.isoformat(), "--reason", "A storm."]
    for name, *words in (
        ("pumps", "site_down", "--site", "digester", "--to", days.first.replace(day=20)),
        ("hall", "capacity_cut", "--site", "sorting_quay", "--per-mille", 300),
        ("bridge", "road_cut", "--site", "compost_kiln", "--area", "03", "--area", "11"),
    ):
        _quietly("circuits", "disrupt", folder, name, *first, "--kind", *words)
    revised = _answer("circuits", "replan", folder, "--propose")
    move = max((one for one in revised["moves"] if one["to"]), key=lambda one: one["mass_mg"])
    way = ["--district", move["district"], "--material", move["material"], "--site", move["to"]]
    _quietly("circuits", "veto", folder, revised["proposed"], *way, "--reason", "The bridge.")
    return {"Verdiva": calm, "Verdiva in a storm": _ask(folder, days, many)}


def _new_york(folder: Path, many: int) -> dict[str, list[Asked]]:
    """New York as it is, and under Codes: a ban, a limit of distance and a guarantee."""
    _quietly("init", folder, "--timezone", "America/New_York")
    _quietly("import", folder, DATA / "community_districts.geojson", DATA / "sites.csv", TONS)
    free = _ask(folder, NOVEMBER, many)
    for code, rule in CODES.items():
        file = folder.parent / f"{code}.toml"
        said = f'code = "{code}"\ntitle = "{code}"\nrationale = "To be asked about."\n'
        file.write_text(f"{said}first_day = 2022-01-01\n[[rules]]\n{rule}\n", encoding="utf-8")
        _quietly("codes", "enact", folder, file)
    return {"New York": free, "New York under Codes": _ask(folder, NOVEMBER, many)}


def _ask(folder: Path, days: Period, many: int) -> list[Asked]:
    with open_city(folder) as city:
        return ask_all(city, days, many, seed=2026)


def _row(name: str, asked: list[Asked]) -> list[str]:
    reasons = Counter(found.reason for one in asked for found in one.told.found)
    times = sorted(one.cpu_ms for one in asked)
    return [
        name,
        str(len(asked)),
        f"{sum(one.binding for one in asked) / len(asked):.1%}",
        str(reasons["no_single"]),
        str(reasons["equal"]),
        str(sum(bool(one.faults) for one in asked)),
        *(f"{times[int(len(times) * at) - (at == 1)]:.1f}" for at in (0.5, 0.95, 1)),
    ]


def _quietly(*words: object) -> str:
    ran = subprocess.run([*BIOLOOM, *map(str, words)], check=True, capture_output=True, text=True)
    return ran.stdout


def _answer(*words: object) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(_quietly(*words, "--json"))
    return answer


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
