"""What the commands of dispatching print, in the order in which somebody would give them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.doors.dispatching.dispatched_city import VEHICLES


def answers_of_dispatching(answer: Callable[..., Any], at: str) -> dict[str, Any]:
    """From a fleet to an order that is taken, in a city with a plan in force.

    Args:
        answer: Gives a command, and reads what it prints as JSON.
        at: The city's folder.
    """
    table = Path(at).parent / "vehicles.csv"
    table.write_text(VEHICLES, encoding="utf-8")
    fleet = answer("circuits", "fleet", at, str(table))
    rounds = answer("circuits", "rounds", at, "--iterations", "5", "--propose")
    driven = answer("circuits", "drive", at, rounds["id"])
    issued = answer("circuits", "orders", "issue", at, "--rounds", rounds["id"])
    taken = answer("circuits", "orders", "take", at, issued[0]["order"], "--team", "steward")
    return {
        "circuits-fleet": fleet,
        "circuits-rounds": rounds,
        "circuits-drive": driven,
        "circuits-orders": answer("circuits", "orders", "list", at),
        "circuits-order": taken,
    }
