"""Decisions of policies a second, beside cedarpy.

    python benchmarks/code_policies.py [REQUESTS]

Policies are those of a city with so many rules: each is about one or two actions and reads some of
what a request tells. No two requests are alike, and nothing is remembered from one to the next.
Both read the policies and the entities once, before the clock starts; the batch of cedarpy is its
fastest way in. Each verdict is compared with the rival's before anything is timed.
"""

import json
import sys
from random import Random

import cedarpy

from benchmarks.measuring import (
    Cost,
    cost_cells,
    in_a_process,
    median,
    print_table,
    side_by_side,
)
from bioloom.ledger.codes.policies.deciding import Policies, policies_of
from bioloom.ledger.codes.policies.values import Entity, Request, Uid, set_of

_ACTIONS = ("transfer", "transferCustody", "consume", "produce", "accept", "modify", "raise", "use")
_GROUPS = ("organics", "textiles", "paper", "metal", "glass", "plastics")
_SIZES = (5, 201)
_THEIR_SHARE = 10
_LOTS = 500


def main(count: int) -> None:
    """Run both on a few and on many policies, and print a table."""
    entities = {
        Uid("Lot", f"lot{number}"): Entity({"group": _GROUPS[number % 6], "material": "m"})
        for number in range(_LOTS)
    }
    their_entities = json.dumps(
        [
            {"uid": {"type": "Lot", "id": uid.id}, "attrs": dict(known.attributes), "parents": []}
            for uid, known in entities.items()
        ]
    )
    rows = []
    for size in _SIZES:
        text = policies(size)
        chance = Random(size)
        requests = [_request(chance, entities) for _ in range(count)]
        ours = policies_of(text)
        some = [_told(one) for one in requests[: count // _THEIR_SHARE]]
        _compare(ours, requests[: len(some)], some, text, their_entities)

        def here(ours: Policies = ours, requests: list[Request] = requests) -> Cost:
            return in_a_process(lambda: lambda: [ours.decide(one) for one in requests])

        def there(text: str = text, some: list[dict[str, object]] = some) -> Cost:
            policies, known = (
                cedarpy.PolicySet.from_str(text),
                cedarpy.Entities.from_json_str(their_entities),
            )
            return in_a_process(lambda: lambda: cedarpy.is_authorized_batch(some, policies, known))

        for name, costs in side_by_side({"Bioloom": here, "cedarpy": there}).items():
            cost, done = median(costs), len(requests) if name == "Bioloom" else len(some)
            rows.append(
                [str(size), name, f"{done:,}", f"{done / cost.wall_s:,.0f}", *cost_cells(cost)]
            )
    print_table(
        "Decisions of policies",
        ["policies", "", "decided", "a second", "wall s", "CPU s", "peak MB"],
        rows,
    )


def policies(size: int) -> str:
    """So many policies as text."""
    chance = Random(size)
    told = ["permit (principal, action, resource);"]
    for _ in range(size - 1):
        actions = ", ".join(f'Action::"{one}"' for one in chance.sample(_ACTIONS, 2))
        told.append(
            f"forbid (principal, action in [{actions}], resource) when {{\n"
            f'  resource.group == "{chance.choice(_GROUPS)}" && context.mass_mg > '
            f"{chance.randrange(10**6, 10**9)}\n"
            f"}} unless {{\n"
            f'  context has site && context.areas.contains("zone{chance.randrange(9)}")\n}};'
        )
    return "\n".join(told)


def _request(chance: Random, entities: dict[Uid, Entity]) -> Request:
    return Request(
        principal=Uid("Agent", f"agent{chance.randrange(1000)}"),
        action=Uid("Action", chance.choice(_ACTIONS)),
        resource=Uid("Lot", f"lot{chance.randrange(_LOTS)}"),
        context={
            "mass_mg": chance.randrange(10**9),
            "site": f"site{chance.randrange(50)}",
            "areas": set_of(f"zone{chance.randrange(9)}"),
        },
        entities=entities,
    )


def _told(asked: Request) -> dict[str, object]:
    areas = asked.context["areas"]
    assert isinstance(areas, frozenset), "areas are a set"
    uids = {name: {"type": one.type, "id": one.id} for name, one in _parts(asked)}
    return {**uids, "context": {**asked.context, "areas": [one for _, one in areas]}}


def _parts(asked: Request) -> list[tuple[str, Uid]]:
    return [
        ("principal", asked.principal),
        ("action", asked.action),
        ("resource", asked.resource),
    ]


def _compare(
    ours: Policies, requests: list[Request], told: list[dict[str, object]], text: str, known: str
) -> None:
    theirs = cedarpy.is_authorized_batch(told, text, known)
    same = [
        ours.decide(one).is_allowed == other.allowed
        for one, other in zip(requests, theirs, strict=True)
    ]
    print(f"{sum(same):,} of {len(same):,} verdicts are Cedar's")
    assert all(same), "a verdict differs"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
