"""The command line of people: what it prints is so, and what is not permitted ends with 2."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from bioloom.doors.cli.main import main
from bioloom.doors.compose import now, open_city
from bioloom.doors.register.inviting import accept_invitation
from bioloom.doors.register.opening import open_register
from bioloom.doors.register.register import REGISTER_FILE
from bioloom.ledger.people.people import Office, people_of
from bioloom.vocabulary.agents import AgentId
from tests.doors.sample_city import sample_city

Captured = pytest.CaptureFixture[str]
STEWARD, NORTH, DIGESTER = map(AgentId, ("steward", "commons:01", "site:digester"))


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return str(sample_city(tmp_path / "city"))


def told(captured: Captured, *arguments: str) -> Any:  # noqa: ANN401  Any JSON value.
    """What a command prints with --json, after it has done what it says."""
    assert main([*arguments, "--json"]) == 0
    return msgspec.json.decode(captured.readouterr().out)


def refused(captured: Captured, *arguments: str) -> str:
    """Why a command is refused."""
    assert main([*arguments, "--json"]) == 2
    answer: dict[str, dict[str, str]] = msgspec.json.decode(captured.readouterr().out)
    return f"{answer['refused']['kind']}: {answer['refused']['what']}"


def test_a_new_city_prints_a_link_that_signs_its_steward_in_once(
    tmp_path: Path, capsys: Captured
) -> None:
    made = told(capsys, "init", str(tmp_path / "nyc"))

    secret = made["sign_in"].rpartition("/sign-in/")[2]
    with open_city(tmp_path / "nyc") as city, open_register(city) as register:
        assert register.sessions.redeem_link(secret, at=now()).session.agent == STEWARD
        offices = people_of(city.journal).offices_of(STEWARD, on=now())
    assert offices == {Office("steward", None)}


def test_a_city_without_a_register_gets_one_with_its_first_link(
    folder: str, capsys: Captured
) -> None:
    assert not (Path(folder) / REGISTER_FILE).exists()

    made = told(capsys, "people", "link", folder, "--address", "https://city.example/")

    assert made["agent"] == STEWARD
    assert made["address"].startswith("https://city.example/sign-in/")


def test_a_role_is_granted_used_and_withdrawn(folder: str, capsys: Captured) -> None:
    scope = ("--scope", NORTH)
    told(capsys, "people", "grant", folder, DIGESTER, "steward", *scope)
    told(capsys, "people", "join", folder, "site:pulp", NORTH, "--as", DIGESTER)
    told(capsys, "people", "withdraw", folder, DIGESTER, "steward", *scope)

    said = refused(capsys, "people", "join", folder, "site:repair", NORTH, "--as", DIGESTER)
    assert said == f"NotPermitted: '{DIGESTER}' may not begin membership for '{NORTH}'."
    members = told(capsys, "people", "list", folder, "--group", NORTH)
    assert [one["agent"] for one in members] == ["site:pulp"]
    told(capsys, "people", "leave", folder, "site:pulp", NORTH, "--as", "site:pulp")
    assert told(capsys, "people", "list", folder, "--group", NORTH) == []


def test_the_list_is_asked_by_two_clocks(folder: str, capsys: Captured) -> None:
    before = now()
    since, on = ("--since", "2026-01-10T00:00Z"), ("--on", "2026-01-20T00:00Z")
    told(capsys, "people", "join", folder, DIGESTER, NORTH, *since)

    group = ("people", "list", folder, "--group", NORTH)
    assert [one["agent"] for one in told(capsys, *group, *on)] == [DIGESTER]
    assert told(capsys, *group, "--on", "2026-01-01T00:00Z") == []
    assert told(capsys, *group, *on, "--known-at", before) == []


def test_people_are_listed_to_stewards_of_where_they_belong_and_to_nobody_else(
    folder: str, capsys: Captured
) -> None:
    invited = told(capsys, "people", "invite", folder, "--scope", NORTH)
    with open_city(folder) as city, open_register(city) as register:
        secret = invited["address"].rpartition("/")[2]
        zara = accept_invitation(register, city, secret, name="Zara").session.agent
    told(capsys, "people", "grant", folder, DIGESTER, "steward", "--scope", NORTH)

    for viewer, seen in [
        (STEWARD, ["Zara"]),
        (DIGESTER, ["Zara"]),
        (zara, ["Zara"]),
        ("site:pulp", []),
        ("commons:02", []),
    ]:
        listed = told(capsys, "people", "list", folder, "--as", viewer)
        assert [one["name"] for one in listed if one["sort"] == "person"] == seen


@pytest.mark.parametrize(
    ("arguments", "may_not"),
    [
        (("people", "grant", DIGESTER, "steward"), "grant role for the city"),
        (("people", "withdraw", STEWARD, "steward"), "withdraw role for the city"),
        (("people", "declare", "x", "organisation"), "declare agent for the city"),
        (("people", "invite", "--scope", NORTH), f"invite for '{NORTH}'"),
        (("people", "link", STEWARD), "issue link for 'steward'"),
        (("people", "token", "t", "--scope", "read", "--of", STEWARD), "issue token for"),
        (("people", "revoke", "x", "--of", STEWARD), "issue link for 'steward'"),
        (("people", "forget", STEWARD), "forget for 'steward'"),
        (("plan", "--propose"), "propose plan for the city"),
        (("circuits", "adopt", "x"), "adopt plan for the city"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_who_has_no_role_is_refused_every_command_that_writes(
    folder: str, capsys: Captured, arguments: tuple[str, ...], may_not: str
) -> None:
    verbs = 1 if arguments[0] == "plan" else 2
    command = [*arguments[:verbs], folder, *arguments[verbs:], "--as", "site:pulp"]
    with open_city(folder) as city:
        head = city.journal.head()

    assert refused(capsys, *command).startswith(f"NotPermitted: 'site:pulp' may not {may_not}")

    with open_city(folder) as city:
        assert city.journal.head() == head


def test_who_has_no_role_takes_no_file_in(folder: str, tmp_path: Path, capsys: Captured) -> None:
    table = tmp_path / "sites.csv"
    table.write_text("site\n")

    said = refused(capsys, "import", folder, str(table), "--by", "site:pulp")

    assert said == "NotPermitted: 'site:pulp' may not import for the city."


def test_what_was_made_is_revoked_by_its_id_once(folder: str, capsys: Captured) -> None:
    for of, command in [
        (STEWARD, ("token", folder, "scales", "--scope", "record")),
        (STEWARD, ("invite", folder, "--scope", NORTH)),
    ]:
        made = told(capsys, "people", *command)
        revoked = told(capsys, "people", "revoke", folder, made["id"], "--of", of)
        assert revoked == {"id": made["id"], "what": command[0].replace("invite", "invitation")}
        said = refused(capsys, "people", "revoke", folder, made["id"])
        assert said == f"NothingRevoked: 'steward' has nothing to revoke under '{made['id']}'."


def test_who_is_forgotten_is_listed_by_pseudonym_alone(folder: str, capsys: Captured) -> None:
    invited = told(capsys, "people", "invite", folder, "--scope", NORTH)
    with open_city(folder) as city, open_register(city) as register:
        secret = invited["address"].rpartition("/")[2]
        zara = accept_invitation(register, city, secret, name="Zara").session.agent

    assert told(capsys, "people", "forget", folder, zara) == {"agent": zara}

    (listed,) = told(capsys, "people", "list", folder, "--group", NORTH)
    assert (listed["agent"], listed["name"]) == (zara, zara)
    assert main(["verify", folder]) == 0


def test_what_people_read_says_the_same(folder: str, capsys: Captured) -> None:
    for command, said in [
        (("list", folder), "steward of the city"),
        (("link", folder), "Sign in as steward, once, before"),
        (("invite", folder, "--scope", NORTH), "to be member of commons:01, for one person"),
        (("token", folder, "t", "--scope", "read"), "of steward, for read, good until"),
        (("grant", folder, DIGESTER, "steward"), "RoleGranted"),
        (("forget", folder, DIGESTER), "is forgotten"),
    ]:
        assert main(["people", *command]) == 0
        assert said in capsys.readouterr().out


def test_a_key_is_ones_own_and_followed_only_by_what_it_signed(
    folder: str, tmp_path: Path, capsys: Captured
) -> None:
    first, second, third = (str(tmp_path / f"{name}.key") for name in ("one", "two", "three"))
    rotate = ("people", "rotate-key", folder)
    made = told(capsys, *rotate, first)

    followed = told(capsys, *rotate, second, "--old", first)
    assert followed["follows"] == made["public_key"]
    assert Path(second).stat().st_mode & 0o077 == 0
    for old in ((), ("--old", first)):
        said = refused(capsys, *rotate, third, *old)
        assert said.endswith("cannot be declared: the key in force did not sign it.")
        assert not Path(third).exists()
    said = refused(capsys, "people", "withdraw-key", folder, "lost", "--of", STEWARD, "--as", NORTH)
    assert said == "NotPermitted: 'commons:01' may not withdraw key for 'steward'."
    assert told(capsys, "people", "withdraw-key", folder, "stolen")["kind"] == "KeyWithdrawn"
    assert told(capsys, *rotate, third)["follows"] is None
