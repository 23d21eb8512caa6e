"""Sites: who hands the waste to whom, in which order, and when they signed."""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from bioloom.ledger.formats.emanifest.rules.fields import SITE_ID
from bioloom.ledger.formats.emanifest.rules.shapes import read_moment
from bioloom.ledger.formats.emanifest.rules.telling import Fields, error, items, parts, warning
from bioloom.ledger.formats.linked.strict import Tree
from bioloom.ledger.formats.verdicts import Problem

_ZIP = re.compile(r"\d{5}(?:[-\s]\d{4})?")


def site_problems(manifest: Fields) -> Iterator[Problem]:
    """What is wrong with the sites of a manifest, each by itself and in their order."""
    transporters = items(manifest.get("transporters"))
    sites = [(f"$.transporters[{at}]", site) for at, site in transporters]
    named = {
        name: parts(manifest.tree, name) for name in ("generator", "designatedFacility", "broker")
    }
    sites += [(f"$.{name}", site) for name, site in named.items() if site]
    for path, site in sites:
        yield from _identity_problems(path, site)
        yield from _address_problems(path, site)
        if "order" in site and not path.startswith("$.transporters"):
            yield warning(f"{path}.order", "only transporters have one")
    yield from _order_problems([site for _, site in transporters])
    yield from _time_problems(manifest)


def _identity_problems(path: str, site: Tree) -> Iterator[Problem]:
    name, is_facility = site.get("epaSiteId"), path == "$.designatedFacility"
    if name is None:
        if is_facility or not site.get("name"):
            yield error(f"{path}.epaSiteId", "it is missing: nobody could tell which site it is")
        elif site.get("registered") is True:
            yield error(f"{path}.epaSiteId", "it is missing, and the site is registered")
    elif isinstance(name, str) and not re.fullmatch(SITE_ID, name):
        told = f"'{name[:40]}' is not written like VATEST000001"
        if is_facility or site.get("registered") is True:
            yield error(f"{path}.epaSiteId", told)
        elif not site.get("name"):
            yield error(f"{path}.epaSiteId", f"{told}, and the site has no name either")
        elif site.get("registered") is None:
            yield warning(f"{path}.epaSiteId", told)


def _address_problems(path: str, site: Tree) -> Iterator[Problem]:
    for field in ("mailingAddress", "siteAddress"):
        address = parts(site, field)
        country = parts(address, "country").get("code", "US")
        code = address.get("zip")
        if not address or country != "US":
            continue
        if code is None:
            yield error(f"{path}.{field}.zip", "it is missing, and an address in the US needs it")
        elif isinstance(code, str) and not _ZIP.fullmatch(code):
            yield error(
                f"{path}.{field}.zip", f"'{code[:20]}' is not written like 22202 or 22202-1234"
            )


def _order_problems(transporters: list[Tree]) -> Iterator[Problem]:
    orders = [site.get("order") for site in transporters]
    told = [order for order in orders if isinstance(order, int)]
    if len(told) < len(orders):
        say = error if len(orders) > 1 else warning
        yield say("$.transporters", "a transporter without an order: who comes after whom?")
    elif sorted(told) != list(range(1, len(told) + 1)):
        yield error("$.transporters", f"their orders are not 1 to {len(told)}, each once")


def _time_problems(manifest: Fields) -> Iterator[Problem]:
    """Nobody receives what was not handed over before."""
    signed = [(path, at) for path, site in in_order(manifest.tree) if (at := signed_at(site))]
    for (_, earlier), (path, later) in pairwise(signed):
        if later < earlier:
            told = f"signed {later:%Y-%m-%d}, before the one who hands it over signed"
            yield warning(path, f"{told} ({earlier:%Y-%m-%d})")
    shipped, received = (
        read_moment(manifest.get(name)) for name in ("shippedDate", "receivedDate")
    )
    if shipped and received and received < shipped:
        yield error("$.receivedDate", "it is before the shippedDate")


def in_order(tree: Tree) -> list[tuple[str, Tree]]:
    """The sites through whose hands the waste goes, first to last, with their paths."""
    transporters = sorted(items(tree.get("transporters")), key=_order_of)
    return [
        ("$.generator", parts(tree, "generator")),
        *((f"$.transporters[{at}]", site) for at, site in transporters),
        ("$.designatedFacility", parts(tree, "designatedFacility")),
    ]


def _order_of(placed: tuple[int, Tree]) -> int:
    order = placed[1].get("order")
    return order if isinstance(order, int) else placed[0] + 1


def signed_at(site: Tree) -> datetime | None:
    """When a site signed, on paper or electronically: the last time it did."""
    stated = [info.get("signatureDate") for _, info in items(site.get("electronicSignaturesInfo"))]
    stated.append(parts(site, "paperSignatureInfo").get("signatureDate"))
    return max((at for at in map(read_moment, stated) if at is not None), default=None)
