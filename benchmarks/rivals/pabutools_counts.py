"""Counts by pabutools: `python -m benchmarks.rivals.pabutools_counts RULE UTILITY FILE...`.

Prints a line of JSON for each file: the winners' identifiers, sorted; the CPU seconds that reading
took, and those that counting took. Ties go to the identifier that is first in the alphabet.
"""

import gzip
import json
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from types import ModuleType

# Found by name, for they are in this environment only.
UTILITIES = {
    "cost": "Cost_Sat",
    "cardinality": "Cardinality_Sat",
    "points": "Additive_Cardinal_Sat",
    "borda": "Additive_Borda_Sat",
}


def main(rule: str, utility: str, files: list[str]) -> None:
    election, rules = import_module("pabutools.election"), import_module("pabutools.rules")
    read = import_module("pabutools.election.pabulib").parse_pabulib_from_string
    worth = getattr(election, UTILITIES[utility])
    count = _counts(rules, worth)[rule]
    for file in files:
        content = Path(file).read_bytes()
        text = gzip.decompress(content) if file.endswith(".gz") else content
        start_s = time.process_time()
        instance, profile = read(text.decode("utf-8-sig"))
        if rule != "maximin-support":  # That one takes no collapsed ballots.
            profile = profile.as_multiprofile()
        read_s = time.process_time() - start_s
        won = sorted(str(project) for project in count(instance, profile))
        count_s = time.process_time() - start_s - read_s
        told = {"file": file, "winners": won, "read_s": read_s, "count_s": count_s}
        print(json.dumps(told), flush=True)


def _counts(
    rules: ModuleType, worth: object
) -> dict[str, Callable[[object, object], list[object]]]:
    shares, plus = rules.method_of_equal_shares, Fraction(1)
    return {
        "equal-shares": lambda i, p: list(shares(i, p, sat_class=worth)),
        "equal-shares-add1": lambda i, p: list(
            shares(i, p, sat_class=worth, voter_budget_increment=plus)
        ),
        "greedy": lambda i, p: list(rules.greedy_utilitarian_welfare(i, p, sat_class=worth)),
        "phragmen": lambda i, p: list(rules.sequential_phragmen(i, p)),
        "maximin-support": lambda i, p: list(rules.maximin_support(i, p)),
    }


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
