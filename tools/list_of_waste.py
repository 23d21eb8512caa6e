"""Make the table of the European List of Waste that comes with Bioloom from the ewc-onto ontology.

    python tools/list_of_waste.py ewc-onto.ttl [--check]

The ontology: https://doi.org/10.5281/zenodo.15348556, release 2025-07-08, CC BY 4.0. Only labels,
codes and the hazardous mark are taken; national sub-codes of eight digits are left out.
"""

import argparse
import re
import sys
from pathlib import Path

TABLE = Path(__file__).parents[1] / "bioloom" / "vocabulary" / "wastes" / "list_of_waste.tsv"

_CLASS = re.compile(r"^ewco:W(\d\d)(?:_(\d\d))?(?:_(\d\d))? rdf:type owl:Class", re.MULTILINE)
_FOOTNOTE = re.compile(r"\(\d\)")
_LABEL = re.compile(r'"""(?P<long>.*?)"""@(\w\w)|"((?:[^"\\\n]|\\.)*)"(?:@(\w\w))?', re.DOTALL)

# Where the ontology (release 2025-07-08) has no label, one under the wrong language, or a footnote
# among them: the texts of Commission Decision 2000/532/EC as amended by 2014/955/EU.
MENDED: dict[str, tuple[str, str | None]] = {
    "01 04": (
        "wastes from physical and chemical processing of non-metalliferous minerals",
        "Abfälle aus der physikalischen und chemischen Weiterverarbeitung von nichtmetallhaltigen "
        "Bodenschätzen",
    ),
    "01 05": ("drilling muds and other drilling wastes", "Bohrschlämme und andere Bohrabfälle"),
    "03 02 05*": (
        "other wood preservatives containing hazardous substances",
        "andere Holzschutzmittel, die gefährliche Stoffe enthalten",
    ),
    "06 05 02*": (
        "sludges from on-site effluent treatment containing hazardous substances",
        "Schlämme aus der betriebseigenen Abwasserbehandlung, die gefährliche Stoffe enthalten",
    ),
    "10 03": (
        "wastes from aluminium thermal metallurgy",
        "Abfälle aus der thermischen Aluminium-Metallurgie",
    ),
    "19 10 06": (
        "other fractions other than those mentioned in 19 10 05",
        "andere Fraktionen mit Ausnahme derjenigen, die unter 19 10 05 fallen",
    ),
    "20 01 35*": (
        "discarded electrical and electronic equipment other than those mentioned in 20 01 21 and "
        "20 01 23 containing hazardous components",
        "gebrauchte elektrische und elektronische Geräte, die gefährliche Bauteile enthalten, mit "
        "Ausnahme derjenigen, die unter 20 01 21 und 20 01 23 fallen",
    ),
    "20 03 01": ("mixed municipal waste", "gemischte Siedlungsabfälle"),
}


def table_of(ontology: str) -> str:
    """The table: code, English text, German text (empty where there is none), in code order."""
    starts = list(_CLASS.finditer(ontology))
    ends = [start.start() for start in starts[1:]] + [len(ontology)]
    rows: dict[str, tuple[str, str]] = {}
    for start, end in zip(starts, ends, strict=True):
        block = ontology[start.start() : end].partition("\n###")[0]
        star = "*" if "owl:allValuesFrom ewco:Hazardous\n" in block else ""
        code = " ".join(part for part in start.groups() if part) + star
        english, german = MENDED[code] if code in MENDED else _texts(code, block)
        rows[code] = english, german or ""
    return "".join(f"{code}\t{en}\t{de}\n" for code, (en, de) in sorted(rows.items()))


def _texts(code: str, block: str) -> tuple[str, str | None]:
    labels = block.partition("rdfs:label")[2]
    found: dict[str | None, list[str]] = {}
    for match in _LABEL.finditer(labels):
        text = match["long"] if match["long"] is not None else match[3]
        language = match[2] or match[4]
        found.setdefault(language, []).append(_plain(text))
    english, german = found.pop("en", []), found.pop("de", [])
    if len(english) != 1 or len(german) > 1 or found:
        sys.exit(f"{code}: its labels are unclear; say in MENDED what they are.")
    return english[0], german[0] if german else None


def _plain(text: str) -> str:
    """A label on one line, without the marks of footnotes that are not in the table."""
    return " ".join(_FOOTNOTE.sub("", text.replace('\\"', '"')).split())


def main() -> int:
    """Write or check; the exit code."""
    parser = argparse.ArgumentParser(description="Make the table of the List of Waste.")
    parser.add_argument("ontology", type=Path)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    table = table_of(arguments.ontology.read_text(encoding="utf-8"))
    if arguments.check:
        return 0 if TABLE.read_text(encoding="utf-8") == table else 1
    TABLE.write_text(table, encoding="utf-8")
    print(f"{table.count(chr(10))} lines written to {TABLE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
