"""One answer of every command about plans, as a steward would give them one after the other."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.doors.dispatching.told import answers_of_dispatching


def of_plans(answer: Callable[..., Any], at: str, folder: Path) -> dict[str, Any]:
    """A plan is proposed, adopted, disrupted and revised.

    Args:
        answer: Runs a command and reads what it prints.
        at: A city's folder.
        folder: Where files may be written.
    """
    proposed = answer("plan", at, "--propose")
    return {
        "plan": proposed,
        "plan-weeks": answer("plan", at, "--weeks", "2"),
        "circuits-plans": answer("circuits", "plans", at),
        "circuits-adopt": answer("circuits", "adopt", at, proposed["proposed"]),
        **_of_replanning(answer, at),
        "circuits-cascade": answer("circuits", "cascade", at, "--down", "digester", "--hours", "3"),
        "circuits-why": answer("circuits", "why", at, "--site", "digester"),
        "circuits-forecast": answer("circuits", "forecast", at),
        "circuits-siting": answer("circuits", "siting", at, str(_proposed_on_a_map(folder))),
        **answers_of_dispatching(answer, at),
    }


def _proposed_on_a_map(folder: Path) -> Path:
    file = folder / "proposed.geojson"
    yard = {"name": "Yard", "accepts": ["organics"], "capacity_t_per_day": 20, "radius_m": 400}
    place = {"type": "Point", "coordinates": [-29.98, 30.01]}
    feature = {"type": "Feature", "properties": yard, "geometry": place}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return file


def _of_replanning(answer: Callable[..., Any], at: str) -> dict[str, Any]:
    """The digester is flooded, a move is vetoed, and what is proposed then comes into force."""
    words = ["--kind", "site_down", "--site", "digester", "--from", "2025-12-11", "--to"]
    answer("circuits", "disrupt", at, "flood", *words, "2025-12-20", "--reason", "Flooded.")
    first = answer("circuits", "replan", at, "--propose")
    move = next(one for one in first["moves"] if one["from"] and one["to"])
    names = ["--district", move["district"], "--material", move["material"], "--site", move["to"]]
    answer("circuits", "veto", at, first["proposed"], *names, "--reason", "Too narrow.")
    answer("circuits", "restore", at, "flood", "--on", "2025-12-19", "--reason", "Dry.")
    again = answer("circuits", "replan", at, "--propose")
    return {
        "circuits-replan": first,
        "circuits-moves": answer("circuits", "moves", at, first["proposed"]),
        "circuits-accept": answer("circuits", "accept", at, again["proposed"]),
        "circuits-disruptions": answer("circuits", "disruptions", at),
    }
