"""The whole record as tables: what they add up to, who sees what, and what describes them."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from bioloom.doors.cli.main import main
from bioloom.doors.compose import City, open_city
from bioloom.doors.tables import writing
from bioloom.doors.tables.packaging import TABLES
from bioloom.ledger.inventory import lots
from bioloom.vocabulary.agents import BOUNDARY, AgentId

DONE, REFUSED = 0, 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("tables") / "verdiva"
    assert main(["init", str(made), "--story", "verdiva", "--days", "3"]) == DONE
    return made


@pytest.fixture
def city(folder: Path) -> Iterator[City]:
    with open_city(folder) as city:
        yield city


def exported(folder: Path, to: Path, form: str, *more: str) -> Path:
    assert main(["export", str(folder), "--as", form, "--out", str(to), *more]) == DONE
    return to


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_what_the_tables_add_up_to_is_what_the_ledger_has(
    folder: Path, city: City, tmp_path: Path
) -> None:
    tables = exported(folder, tmp_path / "t", "csv")

    made = {str(row.lot): (row.owners, row.holders) for row in lots(city.journal)}
    moved: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for leg in rows(tables, "legs"):
        for side, name in enumerate(("rights_base_units", "custody_base_units")):
            moved[leg["lot"], leg["receiver"]][side] += int(leg[name])
            moved[leg["lot"], leg["giver"]][side] -= int(leg[name])
    assert {row["lot"] for row in rows(tables, "lots")} == made.keys()
    for (lot, agent), (owned, held) in moved.items():
        if lot in made and agent not in BOUNDARY:
            owners, holders = made[lot]
            name = AgentId(agent)
            assert (owners.get(name, 0), holders.get(name, 0)) == (owned, held)
    assert len(rows(tables, "entries")) == city.journal.head().seq


def test_both_forms_have_the_same_rows_with_their_types(folder: Path, tmp_path: Path) -> None:
    plain = exported(folder, tmp_path / "c", "csv")
    typed = exported(folder, tmp_path / "p", "parquet")

    for table in TABLES:
        read = parquet.read_table(typed / f"{table.name}.parquet")
        listed = rows(plain, table.name)
        assert read.num_rows == len(listed)
        assert read.column_names == [column.name for column in table.columns]
        for column in table.columns:
            if column.type == "integer":
                figures = [row[column.name] for row in listed]
                cells = [None if figure == "" else int(figure) for figure in figures]
                assert read[column.name].to_pylist() == cells
    happened = parquet.read_schema(typed / "events.parquet").field("occurred_at").type
    assert happened == pa.timestamp("ms", tz="UTC")


def test_the_description_fits_the_files(folder: Path, tmp_path: Path) -> None:
    tables = exported(folder, tmp_path / "t", "csv")

    package = json.loads((tables / "datapackage.json").read_bytes())

    for resource in package["resources"]:
        content = (tables / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{sha256(content).hexdigest()}"
        assert resource["bytes"] == len(content)
        assert resource["rowCount"] == len(rows(tables, resource["name"]))
        header = content.splitlines()[0].decode().split(",")
        assert [field["name"] for field in resource["schema"]["fields"]] == header
    assert "households too" not in (tables / "README.md").read_text(encoding="utf-8")


def test_anybody_sees_no_household(folder: Path, tmp_path: Path) -> None:
    everything = exported(folder, tmp_path / "all", "csv")
    public = exported(folder, tmp_path / "public", "csv", "--seen-by", "anybody")

    private = {row["agent"] for row in rows(everything, "agents") if row["sort"] == "household"}
    assert private
    for table in TABLES:
        text = (public / f"{table.name}.csv").read_text(encoding="utf-8")
        assert not any(name in text for name in private), table.name
    assert rows(public, "lots")


def test_a_household_sees_its_own_and_no_other(folder: Path, tmp_path: Path) -> None:
    everything = exported(folder, tmp_path / "all", "csv")
    holders = [row["agent"] for row in rows(everything, "holdings")]
    household = next(agent for agent in holders if agent.startswith("household:"))

    own = exported(folder, tmp_path / "own", "csv", "--seen-by", household)

    seen = {row["agent"] for row in rows(own, "holdings")}
    assert {agent for agent in seen if agent.startswith("household:")} == {household}


def test_rows_are_written_some_at_a_time(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "ROWS_TOGETHER", 100)

    tables = exported(folder, tmp_path / "p", "parquet")

    file = parquet.ParquetFile(tables / "entries.parquet")
    assert max(file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)) == 100


@pytest.mark.parametrize(
    "more", [[], ["--out", "."], ["--out", "new", "--seen-by", "nobody-we-know"]]
)
def test_what_cannot_be_written_is_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: list[str]
) -> None:
    (tmp_path / "something").touch()
    monkeypatch.chdir(tmp_path)

    assert main(["export", str(folder), "--as", "csv", *more]) == REFUSED


def test_a_document_is_not_narrowed(folder: Path) -> None:
    assert main(["export", str(folder), "--as", "epcis", "--seen-by", "anybody"]) == REFUSED
