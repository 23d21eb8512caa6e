"""Icons: which drawing stands for a material, by its List-of-Waste code."""

from bioloom.vocabulary.entries.ledger import MaterialDeclared

# Drawn in `templates/hands/icons.html`. The longest beginning of a code counts.
_ICONS = {
    "02": "leaf",
    "03": "wood",
    "15 01": "box",
    "15 01 01": "paper",
    "15 01 02": "bottle",
    "15 01 03": "wood",
    "15 01 04": "tin",
    "15 01 07": "glass",
    "16 06": "battery",
    "17": "brick",
    "17 02 01": "wood",
    "17 04": "tin",
    "20 01 01": "paper",
    "20 01 02": "glass",
    "20 01 08": "apple",
    "20 01 10": "shirt",
    "20 01 11": "shirt",
    "20 01 25": "drop",
    "20 01 33": "battery",
    "20 01 34": "battery",
    "20 01 35": "plug",
    "20 01 36": "plug",
    "20 01 37": "wood",
    "20 01 38": "wood",
    "20 01 39": "bottle",
    "20 01 40": "tin",
    "20 02": "leaf",
    "20 03": "bin",
    "20 03 07": "chair",
}


def icon_of(material: MaterialDeclared) -> str:
    """The name of a material's icon; a plain heap for what has no code.

    Source:
        Commission Decision 2000/532/EC, as amended.
    """
    code = material.low_code or ""
    matching = [start for start in _ICONS if code.startswith(start)]
    return _ICONS[max(matching, key=len)] if matching else "heap"
