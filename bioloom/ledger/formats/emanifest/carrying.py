"""Carrying: what of a manifest goes into the record, and a manifest again out of it."""

import re
from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import msgspec
import rfc8785

from bioloom.ledger.formats.emanifest.rules.checking import manifest_problems
from bioloom.ledger.formats.emanifest.rules.fields import PLACEHOLDER, SITE_ID
from bioloom.ledger.formats.linked.strict import Tree
from bioloom.ledger.formats.verdicts import Problem
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.manifests import Carried, ManifestSite, ManifestTaken
from bioloom.vocabulary.refusal import Refusal

_EXACT = msgspec.json.Encoder(decimal_format="number")
# Decimal numbers, which the record keeps as texts so that they stay exact.
_FIGURES = ("density", "weight", "size")


class ManifestFaulty(Refusal):
    """A manifest that breaks rules, so that what it says cannot be relied on."""

    def __init__(self, *, problems: list[Problem]) -> None:
        self.problems = problems
        first, count = problems[0], len(problems)
        super().__init__(
            what=f"The manifest breaks {count} rules; the first at {first.path}: {first.what}.",
            why="What is only half right would record movements that nobody signed.",
            remedy="See all with `bioloom format check --as emanifest FILE`, and correct them.",
        )


class SiteUnnamed(Refusal):
    """A site with neither an EPA id nor a name."""

    def __init__(self, *, path: str) -> None:
        self.path = path
        super().__init__(
            what=f"The site at {path} has neither an EPA id nor a name.",
            why="Waste is always in somebody's hands.",
            remedy="Name the site.",
        )


def carry(tree: Tree) -> ManifestTaken:
    """The entry that a manifest becomes.

    Raises:
        ManifestFaulty: If it breaks a rule.
        SiteUnnamed: If nobody could tell which a site is.
    """
    errors = [problem for problem in manifest_problems(tree) if problem.level == "error"]
    if errors:
        raise ManifestFaulty(problems=errors)
    carried = msgspec.convert(_as_texts(tree), Carried)
    parties = [agent_of(site, path) for path, site in _sites(carried)]
    return ManifestTaken(
        manifest=name_of(carried), parties=tuple(dict.fromkeys(parties)), carried=carried
    )


def name_of(carried: Carried) -> str:
    """A manifest's tracking number; while it has none, a name by what it says."""
    number = carried.manifest_tracking_number
    if number is not None and number != PLACEHOLDER:
        return number
    digest = sha256(rfc8785.dumps(msgspec.to_builtins(carried))).hexdigest()
    return f"draft-{digest[:24]}"


def agent_of(site: ManifestSite, path: str) -> AgentId:
    """Who a site is: by its EPA id, or where many share what stands there, by its name too.

    Raises:
        SiteUnnamed: If it has neither.

    Example:
        >>> agent_of(ManifestSite(epa_site_id="VATEST000001"), "$.generator")
        'epa:VATEST000001'
        >>> agent_of(ManifestSite(epa_site_id="CESQG", name="Dye works"), "$.generator")
        'epa:CESQG:Dye%20works'
    """
    stated, name = site.epa_site_id, site.name
    if stated and (name is None or _is_id(stated)):
        return AgentId(f"epa:{quote(stated, safe='')}")
    if not name:
        raise SiteUnnamed(path=path)
    return AgentId(f"epa:{quote(stated or '', safe='')}:{quote(name, safe='')}")


def _is_id(stated: str) -> bool:
    # "CESQG" and the like have the form of an id, but no digit; they stand for many.
    is_formed = re.fullmatch(SITE_ID, stated) is not None
    return is_formed and any(sign.isdigit() for sign in stated)


def sites_of(carried: Carried) -> dict[AgentId, str]:
    """The agents of a manifest, with the names that it gives them."""
    return {
        agent_of(site, path): site.name or str(site.epa_site_id) for path, site in _sites(carried)
    }


def _sites(carried: Carried) -> Iterator[tuple[str, ManifestSite]]:
    if carried.generator is not None:
        yield "$.generator", carried.generator
    for at, transporter in enumerate(carried.transporters or ()):
        yield f"$.transporters[{at}]", transporter
    rejection = carried.rejection_info
    alternate = None if rejection is None else rejection.alternate_designated_facility
    for path, site in (
        ("$.designatedFacility", carried.designated_facility),
        ("$.broker", carried.broker),
        ("$.rejectionInfo.alternateDesignatedFacility", alternate),
    ):
        if site is not None:
            yield path, site


def manifest_of(carried: Carried) -> Tree:
    """A manifest as the agency writes it, of what the record carries."""
    told: Tree = _as_figures(msgspec.to_builtins(carried))
    return told


def not_carried(tree: Tree) -> list[str]:
    """The fields of a manifest that the record does not carry, each once, without places in lists.

    Example:
        >>> site = {"epaSiteId": "VATEST000001", "contact": {"email": "a@b.example"}}
        >>> not_carried({"generator": site})
        ['generator.contact']
    """
    carried = manifest_of(msgspec.convert(_as_texts(tree), Carried))
    return list(dict.fromkeys(_missing(tree, carried, "")))


def _missing(told: object, carried: object, path: str) -> Iterator[str]:
    if isinstance(told, dict) and isinstance(carried, dict):
        for name, held in told.items():
            at = f"{path}.{name}" if path else name
            if name in carried:
                yield from _missing(held, carried[name], at)
            elif held is not None:
                yield at
    elif isinstance(told, list) and isinstance(carried, list):
        for one, other in zip(told, carried, strict=True):
            yield from _missing(one, other, path)


def write_manifests(manifests: list[ManifestTaken]) -> bytes:
    """Some manifests as a list, of what the record carries of them."""
    told = [manifest_of(manifest.carried) for manifest in manifests]
    return msgspec.json.format(_EXACT.encode(told), indent=2)


def _as_texts(tree: object) -> Any:  # noqa: ANN401  A tree like the one it got.
    if isinstance(tree, dict):
        return {
            name: str(held) if name in _FIGURES and _is_number(held) else _as_texts(held)
            for name, held in tree.items()
        }
    return [_as_texts(item) for item in tree] if isinstance(tree, list) else tree


def _as_figures(tree: object) -> Any:  # noqa: ANN401  A tree like the one it got.
    if isinstance(tree, dict):
        return {
            name: Decimal(held) if name in _FIGURES else _as_figures(held)
            for name, held in tree.items()
        }
    return [_as_figures(item) for item in tree] if isinstance(tree, list | tuple) else tree


def _is_number(held: object) -> bool:
    return isinstance(held, int | Decimal) and not isinstance(held, bool)
