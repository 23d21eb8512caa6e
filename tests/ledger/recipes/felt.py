"""A recipe in Valueflows: rags become felt, and who brings rags is given some of it."""

from typing import Any


def _flow(link: str, of: str, action: str, kind: str, kilograms: float) -> dict[str, Any]:
    return {
        "@id": f"felt:{action}:{kind}:{link}",
        "@type": "RecipeFlow",
        link: of,
        "action": action,
        "resourceConformsTo": kind,
        "resourceQuantity": {"hasUnit": "kilogram", "hasNumericalValue": kilograms},
    }


FELT: list[dict[str, Any]] = [
    {"@id": "felt", "@type": "Recipe", "name": "Felt of rags", "note": "Card wet, press, dry."},
    {
        "@id": "carding",
        "@type": "RecipeProcess",
        "name": "Carding",
        "hasDuration": {"hasUnit": "hour", "hasNumericalValue": 2},
    },
    {"@id": "pressing", "@type": "RecipeProcess", "name": "Pressing", "note": "At 2 bar."},
    _flow("recipeInputOf", "carding", "consume", "rags", 10),
    _flow("recipeOutputOf", "carding", "produce", "fleece", 9),
    _flow("recipeInputOf", "pressing", "consume", "fleece", 9),
    _flow("recipeOutputOf", "pressing", "produce", "felt", 8.5),
    {"@id": "deal", "@type": "RecipeExchange", "name": "Felt for rags"},
    _flow("recipeClauseOf", "deal", "transfer", "rags", 10),
    _flow("recipeReciprocalClauseOf", "deal", "transfer", "felt", 1),
]
