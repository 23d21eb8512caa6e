"""The first implementation of the event hash: `python -m benchmarks.rivals.epcis_ids FILE [IDS]`.

The file has a document in each line. Prints what the hashing took; writes the ids where asked to.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from benchmarks.measuring import in_a_process, tell


def main(documents: Path, ids: Path | None) -> None:
    if ids is not None:
        ids.write_text("\n".join(_prepare(documents)()), "utf-8")
    tell(in_a_process(lambda: _prepare(documents)))


def _prepare(documents: Path) -> Callable[[], list[str]]:
    # Found by name, for it is in this environment only; loading it sets up its JSON-LD loader.
    hashing = import_module("epcis_event_hash_generator.hash_generator")
    reading = import_module("epcis_event_hash_generator.json_to_py")
    texts = documents.read_text("utf-8").splitlines()

    def work() -> list[str]:
        ids: list[str] = []
        for text in texts:
            told = reading.event_list_from_epcis_document_str(text)
            ids += hashing.epcis_hashes_from_events(told)
        return ids

    return work


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
