"""Nobody gets what is not theirs: every address, asked by everybody who might try.

The addresses are those that the app answers, so that one that is new is tried too.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from httpx import Response

from bioloom.doors.compose import City, now
from bioloom.doors.giving.labels import short_of
from bioloom.doors.register.deciding import decide
from bioloom.doors.register.inviting import invite
from bioloom.doors.register.opening import open_register
from bioloom.doors.register.register import Register
from bioloom.doors.register.secrets import DAY_MS, later
from bioloom.doors.register.sessions import IDLE_MS
from bioloom.doors.web.app import make_app
from bioloom.doors.web.guards.needs import NEEDS
from bioloom.ledger.inventory import lot
from bioloom.ledger.people.deciding import declare_agent
from bioloom.ledger.people.people import Office
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId
from tests.doors.register.guests import guest
from tests.doors.web.conftest import Client
from tests.doors.web.hostile_city import make_city
from tests.doors.web.routes.people.coming_in import STEWARD, seal, sign_in

HOUSE = AgentId("household:q7q7")
# As long as one another, so that an answer may be compared letter by letter.
PRIVATE, ABSENT = LotId("given:zzprivate1"), LotId("given:zzabsent01")
NORTH, SOUTH = AgentId("commons:north"), AgentId("commons:south")
# What each address is asked with, beside the seal: about the household, or the whole city.
FIELDS = {
    "POST /plan/propose": {"from": "2025-11-01", "to": "2025-11-30"},
    "POST /plan/adopt": {"plan": "2025-11"},
    "POST /plan/replan": {"from": "2025-11-01", "to": "2025-11-30"},
    "POST /plan/veto": {
        "plan": "2025-11",
        "district": "north",
        "material": "organics",
        "site": "x",
        "reason": "x",
    },
    "POST /plan/lift": {"veto": "x", "reason": "x"},
    "POST /give": {
        "number": "x",
        "material": "organics",
        "district": "north",
        "owner": HOUSE,
        "amount": "5",
        "measure": "kg",
    },
    "POST /invite": {"scope": NORTH, "role": "steward", "days": "7"},
    "POST /invitations": {"invitation": "x", "name": "x"},
    "POST /people/grant": {"agent": HOUSE, "role": "steward", "scope": NORTH},
    "POST /people/withdraw": {"agent": "steward", "role": "steward", "scope": ""},
    "POST /people/link": {"agent": "steward"},
    "POST /sign-in/link": {"link": "x"},
    "POST /sign-in/code": {"code": "x"},
    "POST /me/tokens": {"name": "x", "days": "1", "read": "yes"},
    "POST /me/accept": {"member": "x", "group": "y"},
    "POST /me/sessions/end": {"session": "x"},
}
# What anybody who is signed in may do to their own account.
OWN = {address for address in NEEDS if address.startswith("POST /me")} | {"POST /sign-out"}


@dataclass
class House:
    """A city with a household whose lot nobody else is to know of, and who comes to its door."""

    city: City
    register: Register
    number: str
    seqs: list[int]
    invitation: str
    visitors: dict[str, Callable[[Client], dict[str, str]]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("cities") / "verdiva"
    with make_city(folder) as city, open_register(city) as register:
        decide(
            city,
            STEWARD,
            lambda deed: [declare_agent(HOUSE, name=HOUSE, sort="household", deed=deed)],
        )
        owner = guest(register, city, "Hana", scope=HOUSE)
        body = LotArrived(
            lot=PRIVATE,
            material=MaterialId("organics"),
            place=DistrictId("north"),
            owner=HOUSE,
            holder=HOUSE,
            mass_mg=7_654_321_000,
            reported="7654.321",
            unit="kg",
            stamp="measured",
            first_day=date(2025, 12, 5),
            last_day=date(2025, 12, 5),
        )
        draft = Draft(body=body, occurred_at=now(), author=owner, idempotency_key=PRIVATE)
        [entry] = city.journal.record([draft], recorded_at=now())
        row = lot(city.journal, PRIVATE)
        assert row is not None
        invited = invite(register, city, Office("member", None), by=STEWARD).invitation
        made = House(city, register, short_of(row), [entry.seq], invited.id)
        made.seqs += [e.seq for e in city.journal.read(kinds=["MembershipBegan", "AgentDeclared"])
                      if HOUSE in str(e.body)]  # fmt: skip
        made.visitors = visitors(made, owner)
        yield made


def visitors(house: House, owner: AgentId) -> dict[str, Callable[[Client], dict[str, str]]]:
    """Who comes: each makes a browser theirs, and says which headers they send."""
    register, city = house.register, house.city
    member = guest(register, city, "Mo", scope=NORTH)
    elsewhere = guest(register, city, "Sora", role="steward", scope=SOUTH)

    def signed_in(agent: AgentId) -> Callable[[Client], dict[str, str]]:
        def come(browser: Client) -> dict[str, str]:
            sign_in(browser, register, agent)
            return {}

        return come

    def expired(browser: Client) -> dict[str, str]:
        then = later(now(), -IDLE_MS - 1)
        link = register.sessions.issue_link(STEWARD, by=STEWARD, at=then)
        browser.cookies.set("bioloom", register.sessions.redeem_link(link, at=then).secret)
        return {}

    def token(agent: AgentId, *, revoked: bool, scopes: tuple[str, ...]) -> dict[str, str]:
        at = now()
        until = later(at, DAY_MS)
        issued = register.tokens.issue(agent, "t", scopes, expires_at=until, at=at)
        if revoked:
            register.tokens.revoke(issued.token.id, agent=agent)
        return {"authorization": f"Bearer {issued.secret}"}

    return {
        "outsider": lambda _: {},
        "expired session": expired,
        "revoked token": lambda _: token(STEWARD, revoked=True, scopes=("read", "plan")),
        "token that may not read": lambda _: token(owner, revoked=False, scopes=("plan",)),
        "token that may only read": lambda _: token(member, revoked=False, scopes=("read",)),
        "member": signed_in(member),
        "steward of another commons": signed_in(elsewhere),
        "steward of the city": signed_in(STEWARD),
        "household": signed_in(owner),
    }


STRANGERS = [
    "outsider",
    "expired session",
    "revoked token",
    "token that may not read",
    "token that may only read",
    "member",
    "steward of another commons",
]
SIGNED_IN = {"member", "steward of another commons", "steward of the city", "household"}


def addresses(house: House, lot_id: str, number: str, seq: int) -> list[str]:
    """Every address, with the places in it filled in by what is asked about."""
    filled = {
        "{district}": "north",
        "{site}": "compost",
        "{lot}": quote(lot_id, safe=":"),
        "{seq}": str(seq),
        "{number}": number,
        "{link}": "x",
        "{secret}": "x",
        "{path}": "x",
        "{version}": "x",
        "{name}": "style.css",
    }
    found = []
    for route in make_app(house.city).routes:
        methods: set[str] = getattr(route, "methods", set()) - {"OPTIONS"}
        path = re.sub(r"\{\w+\}", lambda gap: filled.get(gap[0], "x"), route.path_format)
        found += [f"{method} {path} {route.path_format}" for method in sorted(methods)]
    # A stream has no end to wait for; what it tells is tried by its own tests. Who signs out has no
    # session to try the rest with.
    endless = [address for address in found if "/stream" in address]
    return sorted(set(found) - set(endless), key=lambda address: ("/sign-out" in address, address))


@pytest.mark.parametrize("visitor", STRANGERS)
def test_a_stranger_changes_nothing_and_learns_nothing_of_a_household(
    house: House, visitor: str
) -> None:
    head = house.city.journal.head()
    with Client(make_app(house.city), raise_server_exceptions=False) as browser:
        headers = house.visitors[visitor](browser)
        for address in addresses(house, PRIVATE, house.number, house.seqs[0]):
            method, path, template = address.split()
            told = {"seal": seal(browser)} if visitor in SIGNED_IN else {}
            others = {"lot": PRIVATE, "invitation": house.invitation}
            told |= FIELDS.get(f"{method} {template}", others)
            sent = told if method == "POST" else None
            answer = browser.request(
                method, path, headers=headers, data=sent, follow_redirects=False
            )
            assert house.city.journal.head() == head, address
            see_that_refused(answer, visitor, address)


def see_that_refused(answer: Response, visitor: str, address: str) -> None:
    """What any answer to a stranger must be like."""
    method, path, template = address.split()
    need = NEEDS[f"{method} {template}"]
    assert answer.status_code < 500, (address, answer.text)
    if "revoked" in visitor:
        assert answer.status_code == 401, address
    if need == "session" and visitor not in SIGNED_IN:
        assert answer.status_code in ((303, 401) if method == "GET" else (401,)), address
    if method == "POST" and need == "session" and f"{method} {template}" not in OWN:
        assert answer.status_code in (400, 401, 403, 404), address
    said = answer.text.replace(quote(path), "").replace(path, "")
    if "{lot}" not in template and method == "GET":
        assert PRIVATE not in said + str(answer.headers), address
    # Its mass, as the pages and the API write it; and its owner, who is not named by who asked.
    assert "7654321000" not in said, address
    assert HOUSE not in said or f"{method} {template}" in FIELDS, address


@pytest.mark.parametrize("visitor", STRANGERS)
def test_what_a_stranger_may_not_see_is_the_same_as_not_there(house: House, visitor: str) -> None:
    end = house.city.journal.head().seq + 1
    pairs = [
        (f"/lots/{PRIVATE}", f"/lots/{ABSENT}", PRIVATE, ABSENT),
        (f"/api/lots/{PRIVATE}", f"/api/lots/{ABSENT}", PRIVATE, ABSENT),
        *((f"/record/{seq}", f"/record/{end}", f"'{seq}'", f"'{end}'") for seq in house.seqs),
    ]
    with Client(make_app(house.city), raise_server_exceptions=False) as browser:
        headers = house.visitors[visitor](browser)
        for private, absent, name, other in pairs:
            one = browser.get(private, headers=headers)
            two = browser.get(absent, headers=headers)
            statuses = (401,) if "revoked" in visitor else (401, 404) if headers else (404,)
            assert one.status_code == two.status_code
            assert one.status_code in statuses
            plain = one.text.replace(unescaped(name), unescaped(other)).replace(private, absent)
            plain = plain.replace(quote(name), quote(other))
            assert plain == two.text.replace(unescaped(other), unescaped(other))
        labelled = browser.get(f"/l/{house.number}", headers=headers, follow_redirects=False)
        assert labelled.status_code == (401 if headers else 404)


def unescaped(name: str) -> str:
    return name.replace("'", "&#39;") if name.startswith("'") else name


def test_a_household_sees_what_is_its_own(house: House) -> None:
    with Client(make_app(house.city)) as browser:
        house.visitors["household"](browser)

        assert browser.get(f"/lots/{PRIVATE}").status_code == 200
        assert browser.get(f"/api/lots/{PRIVATE}").status_code == 200
        assert PRIVATE in browser.get("/me/records").text
        for seq in house.seqs[:1]:
            assert browser.get(f"/record/{seq}").status_code == 200
        assert browser.get(f"/l/{house.number}").status_code == 200


def test_a_list_and_its_count_leave_out_what_its_reader_may_not_see(house: House) -> None:
    with Client(make_app(house.city)) as browser:
        lots = browser.get("/api/lots", params={"place": "north"}).json()["lots"]
        of_house = browser.get("/api/lots", params={"owner": HOUSE}).json()
        page = browser.get("/lots", params={"place": "north"}).text
        house.visitors["household"](browser)
        own = browser.get("/api/lots", params={"owner": HOUSE}).json()["lots"]

    assert PRIVATE not in [row["lot"] for row in lots]
    assert f"{len(lots)} lots on this page" in page
    assert of_house == {"lots": [], "next": None}
    assert [row["lot"] for row in own] == [PRIVATE]


def test_every_address_of_the_api_is_tried(house: House) -> None:
    with Client(make_app(house.city)) as browser:
        described = browser.get("/schema/openapi.json").json()["paths"]

    tried = {address.split()[2] for address in addresses(house, PRIVATE, house.number, 1)}
    assert described.keys() <= tried
