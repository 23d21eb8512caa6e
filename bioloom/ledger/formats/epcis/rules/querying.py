"""Querying: whether a query for events asks by parameters that there are.

Source:
    GS1 EPCIS 2.0, section 8.2.7.1.
"""

import re
from collections.abc import Iterator

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


def is_query(tree: Tree) -> bool:
    """Whether a JSON object is a query, and not a document with events."""
    context = tree.get("@context")
    return isinstance(context, str) and context.endswith(QUERY_CONTEXT)


def query_faults(tree: Tree) -> Iterator[tuple[str, str]]:
    """What is wrong with a query: paths and faults."""
    for name, value in tree.items():
        if name == "@context":
            continue
        if not _PARAMETER.fullmatch(name):
            yield f"$.{name[:60]}", "a query has no such parameter"
        allowed = {"eventType": EVENT_TYPES, "EQ_action": ACTIONS}.get(name)
        if allowed is not None:
            for at, one in enumerate(value if isinstance(value, list) else [value]):
                if one not in allowed:
                    yield f"$.{name}[{at}]", f"it is none of {', '.join(allowed)}"
