"""A city with a plan in force and vehicles to drive it, made once and copied for each test."""

from functools import cache
from pathlib import Path
from shutil import copytree
from tempfile import mkdtemp

from bioloom.doors.acting import adopt_plan, propose_plan
from bioloom.doors.compose import City, now, open_city
from bioloom.doors.dispatching.fleet import declare_vehicles
from bioloom.ledger.declaring import declare
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.ledger import AgentDeclared
from tests.doors.sample_city import sample_city

STEWARD, TEAM, OTHERS = map(AgentId, ("steward", "alchemists", "others"))
DAY = "2025-12-31"
COLUMNS = (
    "vehicle,name,count,capacity,unit,carries,depot,from,to,trips,speed_km_h,loading_min,"
    "unloading_min,cost_per_km,cost_per_round"
)
VEHICLES = f"""{COLUMNS}
lorry,Lorry,30,40,t,refuse organics paper packaging,transfer,05:00,21:00,9,25,10,15,150,9000
van,Van,6,5,t,textiles packaging,repair,07:00,16:00,6,30,5,10,70,6000
"""


@cache
def _made() -> Path:
    folder = Path(mkdtemp())
    sample_city(folder / "city")
    (folder / "vehicles.csv").write_text(VEHICLES, "utf-8")
    with open_city(folder / "city") as city:
        plan = propose_plan(city, city.plan(explain=False), author=STEWARD)
        adopt_plan(city, plan.plan, author=STEWARD)
        declare_vehicles(city, folder / "vehicles.csv", author=STEWARD)
        _declare_teams(city)
    return folder / "city"


def _declare_teams(city: City) -> None:
    at = now()
    names = {TEAM: "Microorganism Alchemies", OTHERS: "Another team"}
    drafts = [
        declare(AgentDeclared(agent=team, name=name), key=f"agent:{team}", author=STEWARD, at=at)
        for team, name in names.items()
    ]
    city.journal.record(drafts, recorded_at=at)


def dispatched_city(folder: Path) -> Path:
    """A practice city in a folder that does not exist yet."""
    return Path(copytree(_made(), folder))
