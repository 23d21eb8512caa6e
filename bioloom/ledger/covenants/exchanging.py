"""Exchanging: a covenant as ODRL 2.2 in JSON-LD, for lawyers and for other programs.

It is a Set: what it prohibits, permits and obliges, each with its constraints. What only Bioloom
enforces (shrinkage, cooling-off) has names of its own in the same document.

Source:
    W3C, ODRL Information Model 2.2 and ODRL Vocabulary & Expression 2.2 (2018).
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from bioloom.vocabulary.entries.covenants import CovenantEnacted

_OWN = "https://w3id.org/bioloom/covenant#"


def odrl(terms: CovenantEnacted) -> dict[str, Any]:
    """A covenant as an ODRL Set.

    Args:
        terms: The covenant.

    Returns:
        A JSON-LD document: rights may not be sold or given to who is not in the commons; custody
        is permitted with a duty to give back, or prohibited; a release is a permission by a quorum.
    """
    return {
        "@context": ["http://www.w3.org/ns/odrl.jsonld", {"bioloom": _OWN}],
        "@type": "Set",
        "uid": f"urn:bioloom:covenant:{quote(terms.covenant, safe='')}",
        "profile": _OWN.removesuffix("#"),
        "bioloom:title": terms.title,
        "bioloom:textSha256": terms.text_sha256,
        "bioloom:coolingOffDays": terms.cooling_off_days,
        "bioloom:shrinkagePerMille": terms.shrinkage_per_mille,
        "permission": list(_permissions(terms)),
        "prohibition": list(_prohibitions(terms)),
    }


def _prohibitions(terms: CovenantEnacted) -> Iterator[dict[str, Any]]:
    target, until = _target(terms), _until(terms)
    for action in ("sell", "give", "transfer"):
        yield {"action": action, "target": target, "constraint": [_outside(terms), *until]}
    for kind in terms.forbidden:
        purpose = {"leftOperand": "purpose", "operator": "eq", "rightOperand": kind}
        yield {"action": "use", "target": target, "constraint": [purpose, *until]}
    if terms.custody_days is None:
        yield {"action": "lend", "target": target, "constraint": [_outside(terms), *until]}


def _permissions(terms: CovenantEnacted) -> Iterator[dict[str, Any]]:
    target = _target(terms)
    inside = _outside(terms) | {"operator": "isPartOf"}
    yield {"action": "transfer", "target": target, "constraint": [inside, *_until(terms)]}
    consent = {"action": "obtainConsent", "consentingParty": list(terms.signers)}
    yield {
        "action": "transfer",
        "target": target,
        "constraint": [_outside(terms)],
        "duty": [consent | {"bioloom:quorum": terms.quorum}],
    }
    if terms.custody_days is not None:
        days = {"@value": f"P{terms.custody_days}D", "@type": "xsd:duration"}
        within = {"leftOperand": "elapsedTime", "operator": "lteq", "rightOperand": days}
        give_back = {"action": "bioloom:giveBack", "constraint": [within]}
        yield {"action": "lend", "target": target, "duty": [give_back]}


def _outside(terms: CovenantEnacted) -> dict[str, Any]:
    return {"leftOperand": "recipient", "operator": "isNoneOf", "rightOperand": terms.commons}


def _target(terms: CovenantEnacted) -> dict[str, Any]:
    """What it is about: all that is owned in the commons, or some materials or lots of it."""
    refinement = [
        {"leftOperand": f"bioloom:{name}", "operator": "isAnyOf", "rightOperand": list(values)}
        for name, values in (("material", terms.materials), ("lot", terms.lots))
        if values
    ]
    about: dict[str, Any] = {"@type": "AssetCollection", "source": f"bioloom:{terms.commons}"}
    return about | ({"refinement": refinement} if refinement else {})


def _until(terms: CovenantEnacted) -> list[dict[str, Any]]:
    if terms.until is None:
        return []
    day = {"@value": terms.until.isoformat(), "@type": "xsd:date"}
    return [{"leftOperand": "dateTime", "operator": "lteq", "rightOperand": day}]
