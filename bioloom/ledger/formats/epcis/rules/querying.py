"""Querying: whether a query for events asks by parameters that there are.

Source:
    GS1 EPCIS 2.0, section 8.2.7.1.
"""

import re
from collections.abc import Iterator

from bioloom.ledger.formats.epcis.rules.shapes import no_instant, shown
from bioloom.ledger.formats.epcis.terms import ACTIONS, EVENT_TYPES
from bioloom.ledger.formats.linked.strict import Tree

_NAME = r"[^\s]+"
_PARAMETER = re.compile(
    rf"""eventType|orderBy|orderDirection|eventCountLimit|maxEventCount|perPage|nextPageToken
    |(?:GE|LT)_(?:eventTime|recordTime|startTime|endTime|time)|(?:GE|LT)_errorDeclarationTime
    |EQ_(?:action|bizStep|disposition|readPoint|bizLocation|transformationID|eventID|errorReason
        |correctiveEventID|persistentDisposition_(?:set|unset)|userID|type|deviceID|dataProcessingMethod
        |bizRules|microorganism|chemicalSubstance|stringValue|booleanValue|hexBinaryValue|uriValue
        |component|exception|requestor|hasAttr|attributeType)
    |WD_(?:readPoint|bizLocation)|EXISTS_errorDeclaration
    |EQ_(?:bizTransaction|source|destination)_{_NAME}
    |MATCH_(?:epc|parentID|inputEPC|outputEPC|anyEPC|epcClass|inputEPCClass|outputEPCClass
        |anyEPCClass)
    |(?:EQ|GT|GE|LT|LE)_(?:quantity|value|minValue|maxValue|meanValue|sDev|percRank|percValue)
        (?:_{_NAME})?
    |(?:EQ|GT|GE|LT|LE|EXISTS|EQATTR|HASATTR)_(?:ILMD_|INNER_|INNER_ILMD_|SENSORELEMENT_
        |INNER_SENSORELEMENT_|SENSORMETADATA_|INNER_SENSORMETADATA_|SENSORREPORT_
        |INNER_SENSORREPORT_|ERROR_DECLARATION_|INNER_ERROR_DECLARATION_|readPoint_|bizLocation_
        )?{_NAME}:{_NAME}
    |(?:EQATTR|HASATTR)_{_NAME}""",
    re.VERBOSE,
)
QUERY_CONTEXT = "query-schema.json"
# Parameters that say how the answer is made; what is asked by others is text, or several.
_TIMES = re.compile(
    r"(?:GE|LT)_(?:eventTime|recordTime|startTime|endTime|time|errorDeclarationTime)"
)
_COUNT = re.compile("[1-9][0-9]{0,8}")
_COUNTS = ("eventCountLimit", "maxEventCount", "perPage")
_CHOICES = {
    "eventType": EVENT_TYPES,
    "EQ_action": ACTIONS,
    "orderDirection": ("ASC", "DESC"),
}
_QUERIES = ("SimpleEventQuery", "SimpleMasterDataQuery")


def is_query(tree: Tree) -> bool:
    """Whether a JSON object is a query, and not a document with events."""
    context = tree.get("@context")
    return isinstance(context, str) and context.endswith(QUERY_CONTEXT)


def query_faults(tree: Tree) -> Iterator[tuple[str, str]]:
    """What is wrong with a query in JSON: paths and faults."""
    for name, value in tree.items():
        if name != "@context":
            yield from parameter_faults(f"$.{name[:60]}", name, value)


def poll_faults(poll: Tree) -> Iterator[tuple[str, str]]:
    """What is wrong with a query in XML, as `xml.py` tells it: paths and faults."""
    path = "$.epcisBody.poll"
    if poll["queryName"] not in _QUERIES:
        yield f"{path}.queryName", f"it is none of {', '.join(_QUERIES)}"
    for at, param in enumerate(poll["params"]):
        here = f"{path}.params[{at}]"
        name = param.get("name")
        if not isinstance(name, str) or not name:
            yield f"{here}.name", "it is missing"
        elif "value" not in param:
            yield f"{here}.value", f"it is missing, and '{name[:60]}' needs one"
        elif poll["queryName"] == _QUERIES[0]:
            yield from parameter_faults(here, name, param["value"])


def parameter_faults(path: str, name: str, value: object) -> Iterator[tuple[str, str]]:
    """What is wrong with one parameter of SimpleEventQuery.

    Example:
        >>> list(parameter_faults("$.GE_eventDate", "GE_eventDate", "2026-01-01"))
        [('$.GE_eventDate', 'a query has no such parameter')]
    """
    if not _PARAMETER.fullmatch(name):
        yield path, "a query has no such parameter"
    elif _TIMES.fullmatch(name):
        if fault := no_instant(value):
            yield path, fault
    elif name in _COUNTS:
        if not _COUNT.fullmatch(str(value)):
            yield path, f"{shown(value)} is no whole number above zero"
    elif name in _CHOICES:
        for at, one in enumerate(value if isinstance(value, list) else [value]):
            if one not in _CHOICES[name]:
                yield f"{path}[{at}]", f"it is none of {', '.join(_CHOICES[name])}"
