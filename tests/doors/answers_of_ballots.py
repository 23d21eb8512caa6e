"""What the commands about ballots answer, in the order in which an assembly would give them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from bioloom.doors.keys.signing import Signer
from bioloom.doors.stores.settings import read_settings, write_settings
from tests.doors.assembly.voting_city import AFTER, CLOSES, STEWARD, WILLOW, person, voting_city


def of_ballots(answer: Callable[..., Any], folder: Path) -> dict[str, Any]:
    """A ballot from its opening to a board that holds."""
    with voting_city(folder / "voting", 3) as city:
        key = str(Signer(city).make_key(author=STEWARD))
    at, slips = folder / "voting", [folder / f"{number}.slip" for number in range(3)]
    terms = ["--of", WILLOW, "--title", "A wild park?", "--until", CLOSES]

    def ballot(verb: str, *said: str) -> Any:  # noqa: ANN401  Any JSON value.
        return answer("assembly", "ballot", verb, str(at), "park", *said)

    ballot("open", *terms)
    drawn = [
        ballot("draw", "--as", person(number), "--out", str(slip))
        for number, slip in enumerate(slips[:2])
    ]
    given = ["--credential", str(slips[0])]
    exchanged = ballot("exchange", *given, "--out", str(slips[2]))
    cast = ballot("cast", "yes", "--credential", str(slips[2]))
    receipt = ballot("receipt", "--credential", str(slips[2]))
    settings = msgspec.structs.replace(read_settings(at), clock_stands_at=AFTER)
    write_settings(at, settings)
    ballot("close")
    tallied, board = ballot("tally"), str(folder / "park.board")
    exported = answer("assembly", "board", "export", str(at), "park", "--out", board)
    return {
        "assembly-ballot-draw": drawn[0],
        "assembly-ballot-exchange": exchanged,
        "assembly-ballot-cast": cast,
        "assembly-ballot-receipt": receipt,
        "assembly-ballot-tally": tallied,
        "assembly-ballot-show": ballot("show"),
        "assembly-ballot-list": answer("assembly", "ballot", "list", str(at)),
        "assembly-board-export": exported,
        "assembly-board-check": answer("assembly", "board", "check", board, "--key", key),
    }
