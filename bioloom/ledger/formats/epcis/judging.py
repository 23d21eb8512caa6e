"""Judging a file as EPCIS: every problem with its path, and in XML with its line."""

from bioloom.ledger.formats.epcis.reading import read_document
from bioloom.ledger.formats.epcis.rules.checking import Fault
from bioloom.ledger.formats.epcis.rules.wrapping import doubts_of, faults_of
from bioloom.ledger.formats.linked.strict import DocumentTooLarge, DocumentUnreadable
from bioloom.ledger.formats.verdicts import FileJudged, Level, Problem, judge_file

FORMAT = "epcis"


def judge_events(name: str, text: bytes) -> FileJudged:
    """The verdict on a file, JSON or XML, of EPCIS 2.0 or 1.2, with every problem in it.

    Rejected is what breaks the standard in what it says of events or asks for. What is missing
    around the results of a query, and elements of 2.0 in a document of 1.2, are warnings: they can
    be read in one way only, and nothing of an event depends on them.

    Example:
        >>> judge_events("noise.json", b"[]").problems[0].what
        'It cannot be read as JSON: it is no object with named values.'
    """
    try:
        document = read_document(text)
    except (DocumentUnreadable, DocumentTooLarge) as refusal:
        return judge_file(name, FORMAT, [Problem(path="$", what=refusal.what)])
    problems = [_problem(fault, "error") for fault in faults_of(document)]
    problems += [_problem(doubt, "warning") for doubt in doubts_of(document)]
    return judge_file(name, FORMAT, problems)


def _problem(fault: Fault, level: Level) -> Problem:
    at = "" if fault.line is None else f"line {fault.line}: "
    return Problem(path=f"{at}{fault.path}", what=fault.what, level=level)
