"""Judging a file as what it should be: one manifest or several."""

from bioloom.ledger.formats.emanifest.reading import NotAManifest, read_manifests
from bioloom.ledger.formats.emanifest.rules.checking import manifest_problems
from bioloom.ledger.formats.linked.strict import DocumentTooLarge, DocumentUnreadable
from bioloom.ledger.formats.verdicts import FileJudged, Problem, judge_file

FORMAT = "emanifest"


def judge_manifests(name: str, text: bytes) -> FileJudged:
    """The verdict on a file, with every problem of every manifest in it.

    Example:
        >>> judge_manifests("bill.json", b'{"billId": "1"}').problems[0].what
        'It is not a manifest, but a bill.'
    """
    try:
        manifests = read_manifests(text)
    except (NotAManifest, DocumentUnreadable, DocumentTooLarge) as refusal:
        return judge_file(name, FORMAT, [Problem(path="$", what=refusal.what)])
    if len(manifests) == 1:
        return judge_file(name, FORMAT, manifest_problems(manifests[0]))
    problems = [
        Problem(path=f"$[{at}]{problem.path[1:]}", what=problem.what, level=problem.level)
        for at, manifest in enumerate(manifests)
        for problem in manifest_problems(manifest)
    ]
    return judge_file(name, FORMAT, problems)
