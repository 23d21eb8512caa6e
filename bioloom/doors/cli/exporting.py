"""`bioloom export`: the record's events in the words of other systems."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from bioloom.doors.cli.printing import DONE, err
from bioloom.doors.compose import City, now, open_city
from bioloom.doors.mappings import FileMissing
from bioloom.ledger.formats.emanifest.carrying import write_manifests
from bioloom.ledger.formats.epcis.writing import epcis_events, write_document
from bioloom.ledger.formats.valueflows.writing import nodes_of, write_graph
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.manifests import ManifestTaken


def export(
    folder: Path,
    *,
    as_: Annotated[Literal["epcis", "valueflows", "emanifest"], Parameter(name="--as")],
    out: Path | None = None,
) -> int:
    """Write the record's events as an EPCIS 2.0 or Valueflows document, or its manifests.

    What was corrected is told as it was corrected; what was taken back is left out. All of the
    record is in it, what belongs to persons and households too: see whom you give it to.

    Example: bioloom export verdiva --as epcis --out verdiva-events.json

    Parameters
    ----------
    folder
        The city's folder.
    as_
        The words to tell them in.
    out
        Where to write it; to the terminal unless given.
    """
    with open_city(folder) as city:
        entries = _standing(city)
        if as_ == "epcis":
            text = write_document(epcis_events(entries), at=now())
        elif as_ == "valueflows":
            text = write_graph(nodes_of(entries))
        else:
            text = write_manifests(
                [entry.body for entry in entries if isinstance(entry.body, ManifestTaken)]
            )
    if out is None:
        sys.stdout.buffer.write(text + b"\n")
        return DONE
    try:
        out.write_bytes(text + b"\n")
    except OSError as fault:
        raise FileMissing(path=out, fault=fault.strerror or str(fault)) from fault
    err().print(f"Written to {out}.", soft_wrap=True)
    return DONE


def _standing(city: City) -> Iterator[Entry[Any]]:
    """The entries that nothing replaced or took back, in their order."""
    gone: set[str] = set()
    for entry in city.journal.read():
        if entry.corrects is not None:
            gone.add(entry.corrects)
        if entry.kind == "EventReversed":
            gone.add(entry.body.entry)
    return (entry for entry in city.journal.read() if entry.id not in gone)
