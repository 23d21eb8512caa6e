"""red-dwarf, a map like Polis': `python -m benchmarks.rivals.opinion_maps VOTES OUT`.

VOTES is an array of votes saved by numpy, NaN where there is none, one person a row; OUT gets the
group of each person, -1 of none. Prints what the mapping took, without the reading.
"""

import sys
import warnings
from importlib import import_module
from pathlib import Path

import numpy as np

from benchmarks.measuring import in_a_process, tell


def main(given: Path, out: Path) -> None:
    warnings.simplefilter("ignore")
    run = import_module("reddwarf.implementations.polis").run_pipeline
    cells = np.load(given)
    votes = [
        {"participant_id": int(p), "statement_id": int(s), "vote": int(cells[p, s]), "modified": 0}
        for p, s in np.argwhere(~np.isnan(cells))
    ]

    def work() -> list[int]:
        found = run(votes=votes, random_state=0)
        labels = found.participants_df["cluster_id"].fillna(-1).astype(int).to_dict()
        return [labels.get(person, -1) for person in range(len(cells))]

    # Before it works here: what its threads hold would be held for ever in a process forked later.
    cost = in_a_process(lambda: work)
    np.save(out, np.array(work()))
    tell(cost)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
