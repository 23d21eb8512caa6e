"""Nobody does by a command what is not theirs to do: every command, tried by whoever might.

The commands are those of the app, so that one that is new is either asked here of everybody, or
named among those that ask nobody, which has its reason.
"""

import json
import shlex
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import copytree

import pytest
from cyclopts import App

from bioloom.doors.acting import adopt_plan, propose_plan
from bioloom.doors.cli.main import app, main
from bioloom.doors.cli.printing import DONE, REFUSED, WANTING
from bioloom.doors.compose import now, open_city
from bioloom.doors.dispatching.orders import orders_known
from bioloom.doors.dispatching.rounds import rounds_known
from bioloom.doors.keys.keeping import new_key
from bioloom.doors.keys.signing import Signer
from bioloom.doors.register.opening import open_register
from bioloom.doors.register.register import REGISTER_FILE
from bioloom.doors.register.secrets import DAY_MS, later
from bioloom.ledger.proofs.heads import cosign
from bioloom.ledger.proofs.notes import WITNESS_KEY
from bioloom.vocabulary.agents import AgentId
from tests.doors.assembly.town_hall import MAY as IN_THE_HALL
from tests.doors.capturing.test_epcis import MADE, document
from tests.doors.capturing.test_valueflows import RAISED
from tests.doors.cli.revising import NO, REVISES
from tests.doors.dispatching.dispatched_city import VEHICLES
from tests.doors.importing_city import WARDS, wards
from tests.doors.web.hostile_city import make_city
from tests.ledger.formats.defra.bodies import BODY
from tests.ledger.recipes.felt import FELT

STEWARD, OUTSIDER, MEMBER, ELSEWHERE = map(
    AgentId, ("steward", "person:outsider", "person:member", "person:elsewhere")
)
# Whom nobody declared is refused whatever they ask for.
STRANGER = AgentId("person:stranger")
# Who has a paper ballot, until one that is open for long is closed.
VOTER, LATE = AgentId("person:voter"), "2100-01-01T00:00:00Z"
EVERYBODY = {STEWARD, OUTSIDER, MEMBER, ELSEWHERE}

# Who has the folder has the record: these read it, keep it, or do what follows of it by itself, and
# decide nothing. Those of no city need no leave of one.
ASKS_NOBODY = {
    *("lots", "trace", "verify", "totals", "export", "backup", "head", "prove", "keys show"),
    *("circuits plans", "circuits fairness", "serve", "loop", "rebuild", "receipts due"),
    *("recipes list", "recipes show", "pledges list", "pledges show", "codes list", "codes show"),
    *("codes drafts", "codes try"),
    *("circuits cascade", "circuits forecast", "circuits siting", "assembly map"),
    "assembly unheard",
    *("assembly list", "assembly show", "assembly proposal", "assembly talk"),
    *("circuits orders list", "circuits moves", "circuits disruptions", "circuits why"),
    *("estimates", "conserved", "contracts list", "contracts show", "contracts due"),
    "custody show",
    *("init", "play", "restore", "check", "cosign"),
    *("covenants template", "covenants list", "covenants show", "covenants message"),
    *("covenants sign", "covenants refusals", "covenants away", "covenants drafts"),
    *("format check", "format hash", "format replay"),
    *("keys witness", "format waste-code", "assembly count", "assembly check"),
    *("keys witness", "format waste-code"),
    *("assembly ballot list", "assembly ballot show", "assembly board export"),
    "assembly board check",
    # Whoever has the credential: nobody may know whose it is.
    *("assembly ballot cast", "assembly ballot exchange", "assembly ballot receipt"),
}
# Everything else, as it is typed after `bioloom`, and who may. {who} tries it.
MAY: dict[str, set[AgentId]] = {
    "import {city} wards.geojson --map wards.toml --by {who}": {STEWARD},
    "import {city} wards.geojson --map wards.toml --by {who} --dry-run": {STEWARD},
    "import {city} events.epcis.json --as epcis --by {who}": {STEWARD},
    "import {city} events.vf.json --as valueflows --by {who}": {STEWARD},
    "import {city} body.json --as defra --by {who}": {STEWARD},
    "receipts reported {city} {movement} 26HRA0B2 --as {who}": {STEWARD},
    "record {city} kind.jsonl --as {who}": {STEWARD},
    "record {city} north.jsonl --as {who}": {STEWARD},
    "record {city} south.jsonl --as {who}": {STEWARD, ELSEWHERE},
    "combine {city} heap raised spare --as {who}": {STEWARD, ELSEWHERE},
    "separate {city} raised 'part=1 piece' --as {who}": {STEWARD, ELSEWHERE},
    "take-back {city} {raised} --reason mistake --as {who}": {STEWARD, ELSEWHERE},
    "plan {city} --from 2025-11-01 --to 2025-11-30 --propose --as {who}": {STEWARD},
    "circuits adopt {city} {plan} --as {who}": {STEWARD},
    "circuits fleet {city} lorries.csv --as {who}": {STEWARD},
    "circuits rounds {city} --iterations 1 --detour 2 --propose --as {who}": {STEWARD},
    "circuits drive {city} {rounds} --as {who}": {STEWARD},
    "circuits orders issue {city} --rounds {rounds} --as {who}": {STEWARD},
    # Taking work on is a team's own word, and whoever receives confirms.
    "circuits orders take {city} {open} --team commons:north --as {who}": {MEMBER, ELSEWHERE},
    "circuits orders deliver {city} {taken} --as {who}": {MEMBER, ELSEWHERE},
    "circuits orders return {city} {taken} --as {who}": {STEWARD, MEMBER, ELSEWHERE},
    "circuits orders close {city} {taken} --as {who}": {STEWARD},
    "circuits orders withdraw {city} {open} --as {who}": {STEWARD},
    "codes enact {city} near.toml --as {who}": {STEWARD},
    "codes repeal {city} far --last-day 2100-02-01 --reason Quiet. --as {who}": {STEWARD},
    "covenants enact {city} covenant.toml --as {who}": {STEWARD, ELSEWHERE},
    # Whoever brings what a quorum has signed.
    "covenants release {city} release.json --as {who}": EVERYBODY,
    "covenants end {city} ending.json --as {who}": EVERYBODY,
    "pledges make {city} other {pledge} --as {who}": {STEWARD},
    "pledges renew {city} apart --from 2101-01-01 --to 2101-02-01 --as {who}": {STEWARD},
    "pledges join {city} apart --who person:elsewhere --as {who}": {ELSEWHERE},
    "pledges leave {city} apart --who person:member --as {who}": {MEMBER},
    "assembly ballot open {city} new --of commons:north --title T --until {late} --as {who}": {
        STEWARD
    },
    # One's own.
    "assembly ballot draw {city} vote --as {who}": {ELSEWHERE},
    "assembly ballot paper {city} vote person:elsewhere --as {who}": {STEWARD},
    "assembly ballot papers {city} vote yes=1 --as {who}": {STEWARD},
    "assembly ballot close {city} over --as {who}": {STEWARD},
    "assembly ballot tally {city} done --as {who}": {STEWARD},
    "recipes publish {city} felt.json --licence MIT --as {who}": EVERYBODY,
    "witness {city} cosigned.head --key library.pub --as {who}": {STEWARD},
    "keys make {city} --as {who}": {STEWARD},
    "keys rotate {city} --as {who}": {STEWARD},
    "keys withdraw {city} --reason lost --as {who}": {STEWARD},
    "people list {city} --as {who}": EVERYBODY,
    "people invite {city} --as {who}": {STEWARD},
    "people invite {city} --scope commons:north --as {who}": {STEWARD},
    "people invite {city} --scope commons:south --as {who}": {STEWARD, ELSEWHERE},
    "people link {city} steward --as {who}": {STEWARD},
    "people link {city} person:member --as {who}": {STEWARD, MEMBER},
    "people token {city} t --scope read --of person:member --as {who}": {MEMBER},
    "people token {city} t --scope read --of commons:south --as {who}": {STEWARD},
    "people revoke {city} {token} --of person:member --as {who}": {STEWARD, MEMBER},
    "people forget {city} person:member --as {who}": {STEWARD, MEMBER},
    "people grant {city} person:outsider steward --as {who}": {STEWARD},
    "people grant {city} person:outsider member --scope commons:north --as {who}": {STEWARD},
    "people grant {city} person:outsider member --scope commons:south --as {who}": {
        STEWARD,
        ELSEWHERE,
    },
    "people withdraw {city} person:elsewhere steward --scope commons:south --as {who}": {
        STEWARD,
        ELSEWHERE,
    },
    "people join {city} person:outsider commons:north --as {who}": {STEWARD},
    "people join {city} person:outsider commons:south --as {who}": {STEWARD, ELSEWHERE},
    "people accept {city} person:member commons:north --as {who}": {MEMBER},
    "people leave {city} person:member commons:north --as {who}": {STEWARD, MEMBER},
    "people declare {city} circle organisation --as {who}": {STEWARD},
    # The member has a key, which would have to sign the next.
    "people rotate-key {city} {city}/new.key --as {who}": EVERYBODY - {MEMBER},
    "people withdraw-key {city} lost --of person:member --as {who}": {STEWARD, MEMBER},
}
PLEDGE = (
    "--commons commons:north --title Apart --text 'We keep it apart.' --counted organics "
    "--more-kg 5 --from 2100-01-01 --to 2100-12-31"
)
# They change nothing that anybody decides.
ONLY_SHOWN = (
    "people list ",
    "assembly ballot draw ",  # Kept in the box alone.
    "import {city} wards.geojson --map wards.toml --by {who} --dry-run",
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What the gaps of a command are filled in with; the files that it names are where it runs."""
    folder = tmp_path_factory.mktemp("cities")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        make_city(Path("verdiva")).close()
        hold_ballots(Path("verdiva"))
        yield prepare(Path("verdiva")) | dispatch(Path("verdiva"))


def prepare(folder: Path) -> dict[str, str]:
    """People with roles, keys of the city and a member, a head to witness, a plan to adopt."""
    write_files()
    for command in (
        *(f"people declare {folder} {who} person" for who in (OUTSIDER, MEMBER)),
        f"people join {folder} person:member commons:north",
        f"pledges make {folder} apart {PLEDGE}",
        f"codes enact {folder} far.toml",
        f"pledges join {folder} apart --as person:member",
        f"people grant {folder} person:elsewhere steward --scope commons:south",
        f"people rotate-key {folder} member.key --as person:member",
        f"keys make {folder}",
        f"plan {folder} --propose",
        f"import {folder} before.json --as defra",
        f"record {folder} raised.jsonl",
        f"record {folder} spare.jsonl",
        f"covenants enact {folder} before.toml",
        f"covenants message {folder} release.toml --out release.json",
        f"covenants message {folder} ending.toml --out ending.json",
        "covenants sign release.json --key member.key",
        "covenants sign ending.json --key member.key",
    ):
        assert run(command) == DONE, command
    library = new_key("library", WITNESS_KEY)
    Path("library.pub").write_text(str(library.public))
    with open_city(folder) as city, open_register(city) as register:
        signed = cosign(Signer(city).head().note, library, signed_s=int(time.time()))
        Path("cosigned.head").write_text(signed)
        at = now()
        until = later(at, DAY_MS)
        token = register.tokens.issue(MEMBER, "t", ("read",), expires_at=until, at=at).token
        return {
            "city": str(folder),
            "pledge": PLEDGE,
            "late": LATE,
            "token": token.id,
            "plan": next(iter(city.plans().proposed)),
            "raised": city.journal.current(["raised-in"])["raised-in"].id,
            "movement": "defra:EPR%2FDD2522BF:ticket%201",
        }


def hold_ballots(folder: Path) -> None:
    """A ballot that is open, one whose time is over, and one that is closed."""
    soon = later(now(), 3000)
    asked = "--of commons:north --title T --until"
    for command in (
        *(f"people declare {folder} {who} person" for who in (ELSEWHERE, VOTER)),
        *(f"people join {folder} {who} commons:north" for who in (ELSEWHERE, VOTER)),
        *(f"people accept {folder} {who} commons:north --as {who}" for who in (ELSEWHERE, VOTER)),
        f"assembly ballot open {folder} vote {asked} {LATE}",
        f"assembly ballot paper {folder} vote {VOTER}",
        f"assembly ballot open {folder} over {asked} {soon}",
        f"assembly ballot open {folder} done {asked} {soon}",
    ):
        assert run(command) == DONE, command
    while now() < soon:
        time.sleep(0.05)
    assert run(f"assembly ballot close {folder} done") == DONE


def dispatch(folder: Path) -> dict[str, str]:
    """A plan in force with rounds proposed for it, and two orders, of which one is taken."""
    with open_city(folder) as city:
        # With a backlog: the plan that is adopted later is another.
        plan = propose_plan(city, city.plan(backlog=True, explain=False), author=STEWARD)
        adopt_plan(city, plan.plan, author=STEWARD)
    vehicles = VEHICLES.replace("transfer", "mill").replace("repair", "mill")
    Path("vehicles.csv").write_text(vehicles)
    Path("lorries.csv").write_text(vehicles.replace("lorry", "bus").replace("van", "cart"))
    asked = f"{folder} --team commons:north --district south --material paper --due 2100-01-01"
    for command in (
        f"circuits fleet {folder} vehicles.csv",
        f"circuits rounds {folder} --iterations 1 --propose",
        f"circuits orders issue {asked} --kg 1",
        f"circuits orders issue {asked} --kg 2",
    ):
        assert run(command) == DONE, command
    with open_city(folder) as city:
        free, taken = orders_known(city).orders
        rounds = next(iter(rounds_known(city).planned))
    command = f"circuits orders take {folder} {taken} --team commons:north --as person:member"
    assert run(command) == DONE
    return {"rounds": rounds, "open": free, "taken": taken}


def write_files() -> None:
    """The files that commands take in or record."""
    Path("before.json").write_text(json.dumps({**BODY, "yourUniqueReference": "ticket 1"}))
    Path("body.json").write_text(json.dumps(BODY))
    Path("wards.geojson").write_text(wards("west"))
    Path("wards.toml").write_text(WARDS)
    Path("events.epcis.json").write_bytes(document(MADE))
    Path("events.vf.json").write_text(json.dumps({"@graph": [RAISED]}))
    terms = "text = 'It stays.'\nquorum = 1\nsigners = ['person:member']\ntitle = 'Ours'\n"
    for name, commons in (("covenant", "south"), ("before", "north")):
        said = f"covenant = '{name}'\ncommons = 'commons:{commons}'\nmaterials = ['none']\n"
        Path(f"{name}.toml").write_text(said + terms)
    Path("ending.toml").write_text("act = 'end'\ncovenant = 'before'\nreason = 'Done.'\n")
    Path("release.toml").write_text(
        "act = 'release'\nrelease = 'r'\ncovenant = 'before'\nlot = 'raised'\nunits = 1\n"
        "base_unit = 'piece'\nto = 'person:outsider'\nuntil = 2100-01-01\nreason = 'Swapped.'\n"
    )
    rules = "[[rules]]\nrule = 'distance_limited'\nlimit_m = 9\n"
    for code in ("near", "far"):
        said = f"code = '{code}'\ntitle = 'T'\nrationale = 'R'\nfirst_day = 2100-01-01\n"
        Path(f"{code}.toml").write_text(said + rules)
    Path("felt.json").write_text(json.dumps({"@graph": FELT}))
    kind = {
        "specification": "repair",
        "name": "Repair",
        "definition": "Things are mended.",
        "tolerance_per_mille": 20,
    }
    told = {"kind": "ProcessSpecified", "key": "kind:repair", "body": kind}
    Path("kind.jsonl").write_text(json.dumps(told))
    write_lamps()


def write_lamps() -> None:
    """What commons have counted."""
    for commons, name in (
        ("north", "lamps"),
        ("south", "lamps"),
        ("south", "raised"),
        ("south", "spare"),
    ):
        body = {
            "action": "raise",
            "provider": f"commons:{commons}",
            "receiver": f"commons:{commons}",
            "stamp": "measured",
            "lot": name,
            "made": {"lot": name, "material": "lamps", "base_unit": "piece"},
            "quantity": {"reported": "12", "unit": "piece"},
        }
        told = {"kind": "EventHappened", "key": f"{name}-in", "body": body}
        Path(f"{commons if name == 'lamps' else name}.jsonl").write_text(json.dumps(told))


def run(command: str) -> int:
    return main(shlex.split(command))


def state(folder: Path) -> tuple[object, list[str]]:
    """All that a command could have changed: where the record ends, and the register."""
    with open_city(folder) as city:
        head = city.journal.head()
    with closing(sqlite3.connect(folder / REGISTER_FILE)) as register:
        return head, list(register.iterdump())


def paths_of(level: App, path: str = "") -> Iterator[str]:
    """Every command, with the words before it."""
    for name in level:
        if not name.startswith("-"):
            below = list(paths_of(level[name], f"{path}{name} "))
            yield from below or [f"{path}{name}"]


def test_every_command_asks_who_may_or_has_a_reason_not_to() -> None:
    asking = {line.partition(" {city}")[0] for line in (*MAY, *REVISES)}
    # Those of an assembly are tried in its town hall.
    asking |= {f"assembly {line.split()[0]}" for line in IN_THE_HALL}

    assert set(paths_of(app)) == asking | ASKS_NOBODY
    assert not asking & ASKS_NOBODY


@pytest.mark.parametrize("line", MAY)
def test_who_may_not_is_refused_and_nothing_changes(
    filled: dict[str, str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(filled["city"])
    before = state(folder)

    for who in sorted({*EVERYBODY, STRANGER} - MAY[line]):
        code = run(line.format(who=who, **filled))

        told = "".join(capsys.readouterr())
        assert code == (WANTING if is_by_item(line, who) else REFUSED), told
        assert any(words in told for words in NO), told
        assert state(folder) == before, who


@pytest.mark.parametrize("line", MAY)
def test_who_may_does_it(filled: dict[str, str], line: str, tmp_path: Path) -> None:
    for who in sorted(MAY[line]):
        copy = copytree(filled["city"], tmp_path / who)
        own = filled | {"city": str(copy), "who": who}
        if line.startswith("keys make "):
            assert run(f"keys withdraw {copy} --reason lost") == DONE
        before = state(copy)

        assert run(line.format(**own)) == DONE, who

        assert (state(copy) == before) == line.startswith(ONLY_SHOWN), who


def is_by_item(line: str, who: AgentId) -> bool:
    """Whether items are turned away one by one; whom nobody declared tells none."""
    return line.startswith("record ") and who != STRANGER
