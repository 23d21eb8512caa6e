"""Regrouping: what goes in comes out to the milligram, and nothing is laundered by it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bioloom.doors.capturing.told import Told
from bioloom.doors.cli.main import main
from bioloom.doors.compose import City, found_city
from bioloom.doors.recording import record_told
from bioloom.ledger.inventory import lot
from bioloom.ledger.passports.origins import origins_of
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.lots import LotId

DONE, REFUSED = 0, 2
STEWARD = AgentId("steward")


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with found_city(tmp_path / "yard", token="t") as city:
        assert main(["people", "declare", str(city.folder), "mill", "organisation"]) == DONE
        assert main(["people", "declare", str(city.folder), "person:eve", "person"]) == DONE
        raised(city, "planks", "30.5 kg")
        raised(city, "boards", "12.000001 kg", stamp="estimated")
        raised(city, "rags", "5 kg", material="textiles")
        raised(city, "theirs", "1 kg", owner="mill")
        yield city
        assert verify(city.journal.store).holds


def raised(city: City, name: str, amount: str, **changed: Any) -> None:  # noqa: ANN401
    """A lot of wood that somebody has counted."""
    owner = changed.pop("owner", STEWARD)
    reported, _, unit = amount.partition(" ")
    made = {"lot": name, "material": changed.pop("material", "wood")}
    if unit == "piece":
        made["base_unit"] = "piece"
    body = {"action": "raise", "provider": owner, "receiver": owner, "stamp": "measured"}
    body |= {"lot": name, "made": made, "quantity": {"reported": reported, "unit": unit}} | changed
    (became,) = record_told(city, [Told(kind="EventHappened", key=name, body=body)], author=STEWARD)
    assert became.outcome == "recorded", became


def had(city: City, name: str) -> dict[str, int]:
    row = lot(city.journal, LotId(name))
    assert row is not None
    assert row.owners == row.holders
    return {str(agent): units for agent, units in row.owners.items()}


def run(city: City, command: str, *arguments: str) -> int:
    return main([command, str(city.folder), *arguments])


def test_lots_become_one_and_parts_again_to_the_milligram(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(city, "combine", "heap", "planks", "boards") == DONE
    assert had(city, "heap") == {"steward": 42_500_001}
    assert had(city, "planks") == had(city, "boards") == {}
    heap = lot(city.journal, LotId("heap"))
    assert heap is not None
    assert heap.stamp == "estimated"

    capsys.readouterr()
    assert run(city, "separate", "heap", "a=0.000001 kg", "b=42.5 kg", "--json") == DONE
    became = json.loads(capsys.readouterr().out)
    assert [one["outcome"] for one in became] == ["recorded", "recorded"]
    assert (had(city, "a"), had(city, "b")) == ({"steward": 1}, {"steward": 42_500_000})
    assert had(city, "heap") == {}
    shares = {str(one.lot): one.share for one in origins_of(city.journal, LotId("b"))}
    assert shares["planks"] / shares["boards"] == 30_500_000 / shares["boards"] / 42_500_001


def test_weighed_pieces_keep_their_known_mass(city: City) -> None:
    raised(city, "chairs", "3 piece", material="chairs", mass_mg=9_000_000)
    raised(city, "stools", "2 piece", material="chairs", mass_mg=4_000_000)

    assert run(city, "combine", "seats", "chairs", "stools") == DONE

    from bioloom.ledger.tracing import trace  # noqa: PLC0415

    weighed = trace(city.journal, LotId("seats")).weighed
    assert weighed is not None
    assert (weighed.units, weighed.mass_mg, weighed.weighed_units) == (5, 13_000_000, 5)
    assert run(city, "separate", "seats", "one=1 piece") == REFUSED


@pytest.mark.parametrize(
    ("command", "found"),
    [
        (["combine", "heap", "planks"], "one lot alone"),
        (["combine", "heap", "planks", "planks"], "named twice"),
        (["combine", "heap", "planks", "rags"], "not"),
        (["combine", "heap", "planks", "theirs"], "belongs to"),
        (["combine", "heap", "planks", "nothing"], "'nothing' is not in the record"),
        (["combine", "rags", "planks", "boards"], "in the record already"),
        (["separate", "planks"], "no part is named"),
        (["separate", "planks", "a=31 kg"], "less than nothing"),
        (["separate", "planks", "a=20 kg", "b=20 kg"], "less than nothing"),
        (["separate", "planks", "a=1 kg", "a=2 kg"], "named twice"),
        (["separate", "planks", "a"], "is no part"),
        (["separate", "planks", "a=2 piece"], "counted in mg"),
        (["combine", "heap", "planks", "boards", "--as", "person:eve"], "may not record event"),
        (["separate", "planks", "a=1 kg", "--as", "person:eve"], "may not record event"),
    ],
)
def test_what_cannot_be_regrouped_is_refused_whole(
    city: City, command: list[str], found: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = city.journal.head()

    assert run(city, *command) == REFUSED

    assert found in capsys.readouterr().err
    assert city.journal.head() == before


def test_what_is_bound_stays_bound_however_it_is_regrouped(city: City, tmp_path: Path) -> None:
    raised(city, "more", "2 kg", owner="mill")
    terms = tmp_path / "ours.toml"
    terms.write_text(
        'covenant = "ours"\ncommons = "mill"\ntitle = "Ours"\ntext = "It stays."\n'
        'quorum = 1\nsigners = ["steward"]\nlots = ["theirs"]\n'
    )
    assert main(["covenants", "enact", str(city.folder), str(terms)]) == DONE
    assert run(city, "combine", "heap", "theirs", "more") == DONE
    assert run(city, "separate", "heap", "bag=1 kg") == DONE

    some = {"quantity": {"reported": "1", "unit": "kg"}, "stamp": "measured"}
    given = {"action": "transfer", "provider": "mill", "receiver": STEWARD, "lot": "bag"}
    told = Told(kind="EventHappened", key="away", body=given | some)
    (became,) = record_told(city, [told], author=STEWARD)

    assert became.outcome == "refused"
    assert [one.kind for one in city.journal.read(kinds=["ActRefused"])] == ["ActRefused"]
    assert had(city, "bag") == {"mill": 1_000_000}
