"""A town with an assembly: Ana facilitates, Ben and Cem count, and ten more are its people."""

from pathlib import Path

from bioloom.doors.cli.main import main
from bioloom.doors.cli.printing import DONE
from bioloom.doors.compose import City, found_city, now, open_city
from bioloom.ledger.declaring import declare
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.ledger import AgentDeclared
from bioloom.vocabulary.entries.people import MembershipBegan
from tests.doors.monthly_city import fill_with_months

ANA, BEN, CEM, OLA = map(AgentId, ("person:ana", "person:ben", "person:cem", "person:ola"))
CROWD = [AgentId(f"person:{number:02}") for number in range(9)]
ALDER_ROW = AgentId("commons:01")
TREES = """
title = "Ten trees"
text = "Ten birches along the street."
language = "en"
cost_minor = 50000
places = ["01"]
[[measures]]
does = "funds"
title = "Saplings"
amount_minor = 50000
[[measures]]
does = "expects"
title = "More organics apart"
districts = ["01"]
materials = ["organics"]
target_mg = 1
first_day = 2025-01-01
last_day = 2025-01-31
[[measures]]
does = "expects"
title = "Much more organics apart"
districts = ["01"]
materials = ["organics"]
target_mg = 900000000000000
first_day = 2025-01-01
last_day = 2025-01-31
[[measures]]
does = "enacts"
[measures.code]
code = "near"
version = 1
title = "Near"
rationale = "Quiet lorries."
first_day = 2100-01-01
rules = [{rule = "distance_limited", limit_m = 10000}]
"""

# Each command, and who may; everybody else is refused, and nothing changes.
MAY: dict[str, set[str]] = {
    "declare hall --commons commons:01 --title Hall": {"steward"},
    "mandate hall more --agent person:ola --duty count --from 2100-01-01 --to 2100-02-01": {
        "steward"
    },
    "lay-down hall first": {ANA},
    "petition hall other --title Other --text Other.": {ANA, BEN, CEM},
    "sign shade": {ANA, BEN},
    "sign shade --take-back": {CEM},
    "propose hall two {nine}": {ANA, BEN, CEM},
    "revise trees {nine} --reason Less.": {ANA},
    "invite trees person:00": {ANA},
    "accept trees": {BEN},
    "object free No.": {ANA, BEN, CEM},
    "answer trees trees:1 Yes.": {ANA},
    "settle trees trees:1 --dissent": {CEM},
    "open hall other --title Other": {ANA},
    "close talk": {ANA},
    "say talk Yes.": {ANA, BEN, CEM},
    "vote talk 1 agree": {ANA, BEN, CEM},
    "take-off talk 1 hate It-degrades.": {ANA, BEN},
    "appeal talk 2 It-does-not.": {CEM},
    "judge talk 3 It-does.": {BEN},
    "count-hands free --for 8 --against 0": {BEN, CEM},
    "decide free --consent 8": {ANA},
    "promise done:1:1 one --to site:digester --amount 1 --purpose Saplings.": {ANA},
    "pay done:1:1 saplings second --amount 1": {ANA},
    "campaign hall other --title Other --text Other. --from 2100-01-01 --to 2100-02-01": {ANA},
    "task glow other --title Other --place Here": {ANA},
    "take glow plant": {ANA, BEN},
    "done glow plant": {CEM},
}


def town_hall(folder: Path) -> Path:
    """A city's folder with an assembly, and beside it two versions of a proposal in TOML."""
    at = now()
    with found_city(folder, name="Town", languages=("en", "es"), token="a-token") as city:
        fill_with_months(city)
        electors = [ANA, BEN, CEM, *CROWD]
        bodies = [
            *(AgentDeclared(agent=one, name="Neighbour", sort="person") for one in electors),
            AgentDeclared(agent=OLA, name="Neighbour", sort="person"),
            *(MembershipBegan(member=one, group=ALDER_ROW) for one in electors),
        ]
        drafts = [
            declare(body, key=f"hall:{number}", author=_author(city, body), at=at)
            for number, body in enumerate(bodies)
        ]
        city.journal.record(drafts, recorded_at=at)
    folder.with_suffix(".toml").write_text(TREES)
    nine = TREES.replace("Ten trees", "Nine trees").replace("Ten birches", "Nine birches")
    folder.with_suffix(".nine.toml").write_text(nine)
    rules = ["--petition", "250", "--quorum", "500", "--may-enact"]
    does(folder, "declare", "hall", "--commons", ALDER_ROW, "--title", "The hall", *rules)
    days = ["--from", "2020-01-01", "--to", "2021-12-31"]
    with open_city(folder) as city:
        today = city.today()
    days = ["--from", str(today), "--to", str(today.replace(year=today.year + 1))]
    for name, agent, *duties in (
        ("first", ANA, "facilitate", "moderate", "keep_purse"),
        ("second", BEN, "moderate", "count"),
        ("third", CEM, "count"),
    ):
        does(folder, "mandate", "hall", name, "--agent", agent, "--duty", *duties, *days)
    return folder


def busy_hall(town: Path) -> Path:
    """The town with something of everything, of which Cem objects to, says and signs some."""
    trees = str(town.with_suffix(".toml"))
    does(town, "petition", "hall", "shade", "--title", "Shade", "--text", "Trees.", by=CEM)
    does(town, "sign", "shade", by=CEM)
    for name in ("trees", "free", "done"):
        does(town, "propose", "hall", name, trees, by=ANA)
    does(town, "invite", "trees", BEN, by=ANA)
    does(town, "object", "trees", "The square needs light.", by=CEM)
    does(town, "answer", "trees", "trees:1", "It lets light through.", by=ANA)
    does(town, "open", "hall", "talk", "--title", "Which trees?", by=ANA)
    for _ in range(3):
        does(town, "say", "talk", "Birches.", by=CEM)
    for number in ("2", "3"):
        does(town, "take-off", "talk", number, "repeats", "Said before.", by=ANA)
    does(town, "appeal", "talk", "3", "I meant another street.", by=CEM)
    does(town, "decide", "done", "--consent", "8", by=ANA)
    receiver = ["--to", "site:digester", "--amount", "9", "--purpose", "Saplings."]
    does(town, "promise", "done:1:1", "saplings", *receiver, by=ANA)
    with open_city(town) as city:
        today = str(city.today())
    days = ["--title", "Glow", "--text", "Trees.", "--from", today, "--to", today]
    does(town, "campaign", "hall", "glow", *days, by=ANA)
    people = ["--title", "Plant", "--place", "Here", "--people", "9"]
    does(town, "task", "glow", "plant", *people, by=ANA)
    does(town, "take", "glow", "plant", by=CEM)
    return town


def does(folder: Path, verb: str, *words: str, by: str = "steward") -> None:
    """Let somebody act by a command, which is done."""
    assert acts(folder, verb, *words, by=by) == DONE


def acts(folder: Path, verb: str, *words: str, by: str = "steward") -> int:
    """Let somebody act by a command; its exit code."""
    return main(["assembly", verb, str(folder), *words, "--as", by])


def _author(city: City, body: object) -> AgentId:
    return body.member if isinstance(body, MembershipBegan) else city.settings.steward
