"""`bioloom export`: the record's events in the words of other systems."""

import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from bioloom.doors.cli.printing import DONE, WANTING, err
from bioloom.doors.compose import City, now, open_city
from bioloom.doors.mappings import FileMissing
from bioloom.doors.packs.packing import pack_of
from bioloom.doors.tables.packaging import write_tables
from bioloom.doors.tables.writing import Form
from bioloom.ledger.formats.defra.checking import judge_bodies
from bioloom.ledger.formats.defra.numbers import NumberInvalid, is_api_code
from bioloom.ledger.formats.defra.writing import bodies_of, receipts_of, write_bodies
from bioloom.ledger.formats.emanifest.carrying import write_manifests
from bioloom.ledger.formats.epcis.telling.markup import Edition, write_xml
from bioloom.ledger.formats.epcis.telling.writing import epcis_events, write_document
from bioloom.ledger.formats.everything.columns import Eyes, WholeRecord
from bioloom.ledger.formats.valueflows.writing import nodes_of, write_graph
from bioloom.ledger.people.people import people_of
from bioloom.ledger.transferring import AgentUnknown
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.manifests import ManifestTaken
from bioloom.vocabulary.refusal import Refusal

ANYBODY = "anybody"
# The names after --as.
Words = Literal[
    "epcis", "epcis-xml", "epcis-1.2", "valueflows", "emanifest", "defra", "pack", "csv", "parquet"
]


class ChoiceSenseless(Refusal):
    """Options of an export that do not go together."""

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            what=f"This cannot be written: {found}.",
            why="A guess could give away what was to be kept back.",
            remedy="See `bioloom export --help`.",
        )


def export(
    folder: Path,
    *,
    as_: Annotated[Words, Parameter(name="--as")],
    out: Path | None = None,
    seen_by: str | None = None,
    api_code: str | None = None,
    due: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Write the record as a document of another system, or all of it as tables.

    epcis (2.0 in JSON; epcis-xml and epcis-1.2 in XML) and valueflows tell its events, emanifest
    its manifests, defra the receipts of waste as a bulk upload of the UK's Digital Waste Tracking;
    it ends with 1 if one of those would be rejected. What was corrected is told as it was
    corrected, what was taken back is left out.
    pack gives another city what this one worked out: materials, kinds of process, recipes, and its
    covenants as drafts that name nobody.
    csv and parquet write a folder of tables, with a description of every column. All of the record
    is in it, what belongs to persons and households too: see whom you give it to, or say --seen-by
    for tables.

    Example: bioloom export verdiva --as parquet --out verdiva-tables --seen-by anybody

    Parameters
    ----------
    folder
        The city's folder.
    as_
        The words to tell it in.
    out
        Where to write it; a document goes to the terminal unless given, tables need a new folder.
    seen_by
        Of tables: only what this agent may see, or what `anybody` may.
    api_code
        Of defra: the operator's API code; without one, a placeholder stands in its place.
    due
        Of defra: only the receipts that were not yet reported as they are.
    """
    if as_ != "defra" and (api_code is not None or due):
        raise ChoiceSenseless(found="--api-code and --due are about receipts: --as defra")
    with open_city(folder) as city:
        if as_ in ("csv", "parquet"):
            return _write_tables(city, as_, out, seen_by)
        if seen_by is not None:
            raise ChoiceSenseless(found="--seen-by narrows tables, and this is a document")
        wanting = DONE
        if as_ == "defra":
            text, wanting = _receipts(city, api_code=api_code, due=due)
        else:
            text = _document(city, as_)
    if out is None:
        sys.stdout.buffer.write(text + b"\n")
        return wanting
    try:
        out.write_bytes(text + b"\n")
    except OSError as fault:
        raise FileMissing(path=out, fault=fault.strerror or str(fault)) from fault
    err().print(f"Written to {out}.", soft_wrap=True)
    return wanting


def _document(city: City, as_: str) -> bytes:
    entries = city.journal.standing()
    if as_ == "epcis":
        return write_document(epcis_events(entries), at=now())
    if as_ in ("epcis-xml", "epcis-1.2"):
        edition: Edition = "1.2" if as_ == "epcis-1.2" else "2.0"
        return write_xml(epcis_events(entries), at=now(), edition=edition)
    if as_ == "valueflows":
        return write_graph(nodes_of(entries))
    if as_ == "pack":
        return pack_of(city)
    manifests = [entry.body for entry in entries if isinstance(entry.body, ManifestTaken)]
    return write_manifests(manifests)


def _write_tables(city: City, form: Form, folder: Path | None, seen_by: str | None) -> int:
    if folder is None:
        raise ChoiceSenseless(found="tables are files in a folder, and --out names none")
    counts = write_tables(
        city, folder, form, _eyes(city, seen_by), whose=seen_by or "whoever holds its folder"
    )
    for name, rows in counts.items():
        err().print(f"{folder / name}.{form}: {rows:,} rows", soft_wrap=True)
    return DONE


def _eyes(city: City, seen_by: str | None) -> Eyes:
    if seen_by is None:
        return WholeRecord()
    from bioloom.doors.web.guards.reading import Reader  # noqa: PLC0415  It brings the web along.

    viewer = None if seen_by == ANYBODY else AgentId(seen_by)
    if viewer is not None and viewer not in city.journal.declared().agents:
        raise AgentUnknown(agent=viewer)
    return Reader(
        viewer=viewer, journal=city.journal, people=people_of(city.journal), at=city.clock()
    )


def _receipts(city: City, *, api_code: str | None, due: bool) -> tuple[bytes, int]:
    """The bodies of receipts, and the exit code: whether the service would take all of them."""
    if api_code is not None and not is_api_code(api_code):
        form = "ba6eb330-4f7f-11eb-a2fb-67c34e9ac07c"
        raise NumberInvalid(what="API code", found=api_code, form=form)
    receipts = receipts_of(city.journal.standing())
    bodies = list(bodies_of(receipts, api_code=api_code, to_be_sent=due))
    text = write_bodies(bodies)
    if api_code is None and bodies:
        err().print("The API code is a placeholder: give --api-code, or set it when you send them.")
    if not bodies or judge_bodies("", text).verdict != "reject":
        return text, DONE
    err().print("Not all would be accepted: see `bioloom format check --as defra`.")
    return text, WANTING
