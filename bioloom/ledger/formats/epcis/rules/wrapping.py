"""Wrapping: the rules for what stands around events, in documents and in the answers to queries.

Source:
    GS1 EPCIS 2.0, sections 9.5 and 10, and its JSON schema; GS1 EPCIS 1.2, section 9.5.
"""

from collections.abc import Iterator

from bioloom.ledger.formats.epcis.reading import Document, Names, unknown_contexts
from bioloom.ledger.formats.epcis.rules import shapes
from bioloom.ledger.formats.epcis.rules.checking import (
    Fault,
    Found,
    event_faults,
    unknown_fields,
)
from bioloom.ledger.formats.epcis.rules.layout import later_elements
from bioloom.ledger.formats.epcis.rules.querying import is_query, poll_faults, query_faults
from bioloom.ledger.formats.epcis.terms import CONTEXTS, EVENT_TYPES
from bioloom.ledger.formats.linked.strict import words

_DOCUMENT_FIELDS = frozenset(
    words(
        """
        @context id type schemaVersion creationDate epcisHeader epcisBody sender receiver
        instanceIdentifier
        """
    )
)

_QUERY_DOCUMENT = "EPCISQueryDocument"


def faults_of(document: Document) -> list[Fault]:
    """All faults of a document, its events' among them."""
    found = [_fault(document, path, what) for path, what in _document_faults(document)]
    return found + [fault for event in document.events for fault in event_faults(event)]


def doubts_of(document: Document) -> list[Fault]:
    """What a document should not have, and can be read all the same.

    Nothing of an event depends on what is missing around the results of a query; and what EPCIS 2.0
    added has one meaning in a document of 1.2, too.
    """
    found = [_fault(document, path, what) for path, what in _missing_around(document)]
    return found + [
        Fault(path=f"{event.path}.{child.name}", what=what, line=child.line)
        for event in document.events
        if event.element is not None
        for child, what in later_elements(event.element, event.edition)
    ]


def _fault(document: Document, path: str, what: str) -> Fault:
    line = None if document.markup is None else document.markup.root.line
    return Fault(path=path, what=what, line=line)


def _document_faults(document: Document) -> Iterator[Found]:
    tree, kind = document.tree, document.tree.get("type")
    if is_query(tree):
        yield from query_faults(tree)
        return
    if not document.is_xml:
        yield from _context_faults(tree.get("@context"))
    if kind in EVENT_TYPES:
        return
    if kind not in ("EPCISDocument", "EPCISQueryDocument"):
        yield "$.type", f"{shapes.shown(kind)} is no EPCISDocument, EPCISQueryDocument or event"
        return
    if not document.is_xml:
        names = document.events[0].names if document.events else Names({})
        yield from unknown_fields(tree, _DOCUMENT_FIELDS, names, at="$")
    if str(tree.get("schemaVersion")) not in ("2.0", "1.2", "1.1", "1.0"):
        yield "$.schemaVersion", f"{shapes.shown(tree.get('schemaVersion'))} is not 2.0"
    created = tree.get("creationDate")
    is_asked = kind != _QUERY_DOCUMENT or created is not None
    if is_asked and (fault := shapes.no_instant(created)):
        yield "$.creationDate", fault
    yield from _body_faults(tree.get("epcisBody"), is_query=kind == _QUERY_DOCUMENT)


def _missing_around(document: Document) -> Iterator[Found]:
    tree, markup = document.tree, document.markup
    for url in unknown_contexts(tree.get("@context")) if markup is None else ():
        if not is_query(tree):
            yield "$.@context", f"{shapes.shown(url)} is not known here, and is not fetched"
    if tree.get("type") != _QUERY_DOCUMENT:
        return
    if tree.get("creationDate") is None:
        yield "$.creationDate", "it is missing"
    body = tree.get("epcisBody")
    if isinstance(body, dict) and "poll" in body:
        return
    results = body.get("queryResults") if isinstance(body, dict) else None
    named = results.get("queryName") if isinstance(results, dict) else None
    if markup is not None:
        named = markup.query_name
    if shapes.no_text(named):
        yield "$.epcisBody.queryResults.queryName", "the query that was asked is not named"


def _context_faults(context: object) -> Iterator[Found]:
    parts = context if isinstance(context, list) else [context]
    if not any(isinstance(part, str) and part in CONTEXTS for part in parts):
        yield "$.@context", "it names none of the contexts of EPCIS 2.0"
    for at, part in enumerate(parts):
        if not isinstance(part, str | dict):
            yield f"$.@context[{at}]", "a context is an address or an object with prefixes"


def _body_faults(body: object, *, is_query: bool) -> Iterator[Found]:
    path = "$.epcisBody"
    if is_query and isinstance(body, dict) and "queryResults" in body:
        results, path = body["queryResults"], f"{path}.queryResults"
        if not isinstance(results, dict):
            yield path, "it is no object with the query's results"
            return
        body, path = results.get("resultsBody"), f"{path}.resultsBody"
    if not isinstance(body, dict):
        yield path, "it is no object with the document's events"
    elif is_query and "poll" in body:
        yield from poll_faults(body["poll"])
    elif "event" in body:
        if not isinstance(body["event"], dict):
            yield f"{path}.event", "it is no event"
    elif not isinstance(body.get("eventList"), list):
        yield f"{path}.eventList", "it is no list of events"
    else:
        for at, event in enumerate(body["eventList"]):
            if not isinstance(event, dict):
                yield f"{path}.eventList[{at}]", "it is no event"
