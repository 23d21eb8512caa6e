"""Nobody revises a plan by a command that is not theirs: each is tried by whoever might."""

import shlex
from pathlib import Path
from shutil import copytree

import pytest

from bioloom.doors.acting import adopt_plan, propose_plan
from bioloom.doors.cli.main import main
from bioloom.doors.cli.printing import DONE, REFUSED
from bioloom.doors.compose import open_city
from bioloom.doors.replanning.acting import propose_replanned, replan
from bioloom.vocabulary.agents import AgentId
from tests.doors.cli.revising import NO, REVISES
from tests.doors.sample_city import sample_city

STEWARD = AgentId("steward")
OTHERS = ("person:outsider", "person:stranger")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A city whose plan in force is to be revised, once with a move vetoed."""
    folder = sample_city(tmp_path_factory.mktemp("revised") / "city")
    assert run(f"people declare {folder} person:outsider person") == DONE
    with open_city(folder) as city:
        adopt_plan(city, propose_plan(city, city.plan(), author=STEWARD).plan, author=STEWARD)
    flood = "--kind site_down --site digester --from 2025-12-11 --to 2025-12-20 --reason Wet."
    assert run(f"circuits disrupt {folder} flood {flood}") == DONE
    filled = {"city": str(folder)}
    for _ in range(2):
        with open_city(folder) as city:
            revised = propose_replanned(city, replan(city), author=STEWARD)
        move = next(move for move in revised.moves if move.site is not None)
        names = f"--district {move.district} --material {move.material} --site {move.site}"
        if "veto" not in filled:
            veto = f"circuits veto {folder} {revised.plan} {names} --reason Narrow."
            assert run(veto) == DONE
            with open_city(folder) as city:
                filled["veto"] = next(iter(city.journal.declared().disruptions.vetoes))
        filled |= {"plan": revised.plan, "move": names}
    return filled


def run(command: str) -> int:
    return main(shlex.split(command))


def head(folder: str | Path) -> object:
    with open_city(folder) as city:
        return city.journal.head()


@pytest.mark.parametrize("line", REVISES)
def test_who_may_not_is_refused_and_nothing_changes(
    filled: dict[str, str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = head(filled["city"])

    for who in OTHERS:
        code = run(line.format(who=who, **filled))

        told = "".join(capsys.readouterr())
        assert code == REFUSED, told
        assert any(words in told for words in NO), told
        assert head(filled["city"]) == before, who


@pytest.mark.parametrize("line", REVISES)
def test_a_steward_does_it(filled: dict[str, str], line: str, tmp_path: Path) -> None:
    copy = copytree(filled["city"], tmp_path / "copy")
    if line.startswith("circuits replan "):  # What was proposed already is not proposed again.
        veto = f"circuits veto {copy} {filled['plan']} {filled['move']} --reason Steep."
        assert run(veto) == DONE
    before = head(copy)

    assert run(line.format(**(filled | {"city": str(copy), "who": STEWARD}))) == DONE

    assert head(copy) != before
