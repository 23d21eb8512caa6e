"""What a figure stands on. Every figure that Bioloom shows carries one of these."""

from typing import Literal

Stamp = Literal["measured", "reported", "estimated", "modelled", "generated"]

STAMPS: tuple[Stamp, ...] = ("measured", "reported", "estimated", "modelled", "generated")
MEANINGS: dict[Stamp, str] = {
    "measured": "weighed or counted by an instrument",
    "reported": "stated by somebody who is answerable for it",
    "estimated": "judged by a person, with an uncertainty",
    "modelled": "computed from other figures",
    "generated": "made up for practice; it describes no real place",
}
