"""Cities as bad as they come, made of tables through the command line, and what it answers."""

import io
import json
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bioloom.doors.cli.main import main

_WARDS = """
kind = "districts"
source = "wards"
[match]
columns = ["WARD"]
[district]
id = "WARD"
name = "WARD"
need = "NEED"
"""
_TONS = """
kind = "tons"
source = "tons"
district = "WARD"
[match]
columns = ["MONTH", "WARD", "ORGANICS", "PAPER"]
[period]
at = "MONTH"
form = "%Y-%m"
[[materials]]
id = "organics"
name = "Organics"
group = "organics"
[[materials]]
id = "paper"
name = "Paper"
group = "paper"
[[amounts]]
columns = ["ORGANICS"]
material = { value = "organics" }
unit = { value = "t" }
[[amounts]]
columns = ["PAPER"]
material = { value = "paper" }
unit = { value = "t" }
"""
_SITES = """
kind = "sites"
source = "sites"
[match]
columns = ["SITE", "TAKES"]
[site]
id = "SITE"
name = "SITE"
latitude = "LAT"
longitude = "LON"
accepts = "TAKES"
separator = "/"
capacity = "DAILY"
per = "day"
unit = { value = "t" }
"""
_SITE_COLUMNS = "SITE,LAT,LON,TAKES,DAILY"
_TON_COLUMNS = "MONTH,WARD,ORGANICS,PAPER"
SITES = ("yard,50.51,10.51,organics,10", "mill,50.49,10.52,paper,5")
TONS = ("2022-10,1,60,30", "2022-10,2,40,20")
MONTH = ("--from", "2022-10-01", "--to", "2022-10-31")


@dataclass(frozen=True)
class Answer:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:  # noqa: ANN401  As the command says.
        """What it printed, as JSON."""
        return json.loads(self.out)

    @property
    def refusal(self) -> str:
        """What it was refused for, in one line."""
        assert self.code == 2, (self.code, self.out, self.err)
        return " ".join((self.err or self.out).split())


class Absurd:
    """A city in a folder, and its command line."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._beside = folder / "city", folder
        assert self.says("init", str(self.folder), "--timezone", "Europe/Berlin").code == 0
        mappings = self.folder / "mappings"
        mappings.mkdir()
        for name, text in {"wards": _WARDS, "tons": _TONS, "sites": _SITES}.items():
            (mappings / f"{name}.toml").write_text(text)

    def says(self, *arguments: str) -> Answer:
        """What the command line answers; it never shows a user its own fault."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(list(arguments))
        printed = Answer(code, out.getvalue(), err.getvalue())
        assert code in (0, 1, 2), printed
        assert "Traceback" not in printed.out + printed.err, printed
        return printed

    def asks(self, *words: str) -> Answer:
        """What a command says of this city, as in `asks("plan")`; its folder comes after."""
        at = 2 if words[0] in ("circuits", "codes") else 1
        return self.says(*words[:at], str(self.folder), *words[at:])

    def takes_in(self, name: str, text: str) -> Answer:
        """Import one file."""
        path = self._beside / name
        path.write_text(text, "utf-8")
        return self.says("import", str(self.folder), str(path), "--json")

    def has(
        self,
        wards: Sequence[Mapping[str, Any]] | None = None,
        sites: Sequence[str] = SITES,
        tons: Sequence[str] = TONS,
    ) -> list[Answer]:
        """Take in a whole city; what was said of each of its files."""
        wards = [ward("1"), ward("2", 0.1)] if wards is None else wards
        collection = {"type": "FeatureCollection", "features": wards}
        return [
            self.takes_in("wards.geojson", json.dumps(collection)),
            self.takes_in("sites.csv", "\n".join((_SITE_COLUMNS, *sites)) + "\n"),
            self.takes_in("tons.csv", "\n".join((_TON_COLUMNS, *tons)) + "\n"),
        ]


def ward(name: str | None, east: float = 0.0, **changed: Any) -> dict[str, Any]:  # noqa: ANN401
    """A square district of the map."""
    x, y = 10.5 + east, 50.5
    ring = [[x, y], [x + 0.05, y], [x + 0.05, y + 0.05], [x, y + 0.05], [x, y]]
    return {
        "type": "Feature",
        "properties": {"WARD": name, "NEED": 1},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    } | changed
