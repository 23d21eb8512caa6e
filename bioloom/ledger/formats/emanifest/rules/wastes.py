"""Waste lines: what one line of a manifest asks of its own fields."""

import re
from collections.abc import Iterator

from bioloom.ledger.formats.emanifest.rules.fields import CONTAINERS, DENSITIES, UNITS
from bioloom.ledger.formats.emanifest.rules.telling import (
    Fields,
    code_of,
    error,
    flag,
    items,
    parts,
    warning,
)
from bioloom.ledger.formats.linked.strict import Tree
from bioloom.ledger.formats.verdicts import Problem

VOLUMES = ("G", "L", "Y", "N")
# 40 CFR 261 subparts C and D; those of a state, or of a lab pack, are written otherwise.
_FEDERAL_CODE = re.compile(r"[DFKPU]\d{3}|LABP|PHRM|PHARMS")
# EPA Form 8700-22, item 19.
_METHOD = re.compile(r"H\d{3}")


def line_problems(line: Fields, path: str) -> Iterator[Problem]:
    """What is wrong with a waste line, beyond what each field may hold by itself."""
    for found in (_naming, _amount, _density, _codes, _method, _polychlorinated, _differences):
        for problem in found(line):
            yield Problem(path=f"{path}{problem.path}", what=problem.what, level=problem.level)


def _naming(line: Fields) -> Iterator[Problem]:
    hazardous = line.get("dotHazardous")
    if hazardous is True and not line.get("dotInformation"):
        yield error(".dotInformation", "it is missing, and dotHazardous is true")
    if hazardous is False and not line.get("wasteDescription"):
        yield error(".wasteDescription", "it is missing, and dotHazardous is false")


def _amount(line: Fields) -> Iterator[Problem]:
    amount = parts(line.tree, "quantity")
    if not amount:
        if not line.is_draft:
            yield error(".quantity", f"it is missing, and {line.kind} needs it")
        return
    for name in ("quantity", "unitOfMeasurement", "containerNumber", "containerType"):
        if amount.get(name) is None:
            is_needed = not line.is_draft or (name == "unitOfMeasurement" and "quantity" in amount)
            say = error if is_needed else warning
            yield say(f".quantity.{name}", "it is missing: how much of what is not told")
    for name, known in (("unitOfMeasurement", UNITS), ("containerType", CONTAINERS)):
        code, described = code_of(amount, name), parts(amount, name).get("description")
        if code in known and described in known.values() and known[str(code)] != described:
            told = f"{code} are {known[str(code)]}, and it says {described}: which is meant?"
            yield error(f".quantity.{name}.description", told)
    if amount.get("quantity") == 0:
        yield warning(".quantity.quantity", "it is 0: nothing of it moves")


def _density(line: Fields) -> Iterator[Problem]:
    info, path = parts(line.tree, "brInfo"), ".brInfo.density"
    unit = code_of(parts(line.tree, "quantity"), "unitOfMeasurement")
    if flag(line.tree, "br") and not info:
        yield error(".brInfo", "it is missing, and br is true")
    if info and line.get("br") is False:
        yield warning(".brInfo", "it is ignored where br is not true")
    if info.get("density") is None:
        return
    code = code_of(info, "densityUnitOfMeasurement")
    if code is None:
        yield error(".brInfo.densityUnitOfMeasurement", "it is missing, and there is a density")
    described = parts(info, "densityUnitOfMeasurement").get("description")
    if code in DENSITIES and described is not None and described != DENSITIES[str(code)]:
        told = f"{code} is {DENSITIES[str(code)]}: which is meant?"
        yield error(".brInfo.densityUnitOfMeasurement.description", told)
    if unit in UNITS and unit not in VOLUMES:
        yield warning(path, f"the quantity is in {UNITS[str(unit)]}, which need none")


def _codes(line: Fields) -> Iterator[Problem]:
    codes = parts(line.tree, "hazardousWaste")
    federal = items(codes.get("federalWasteCodes"))
    for at, item in federal:
        code = item.get("code")
        if isinstance(code, str) and not _FEDERAL_CODE.fullmatch(code):
            told = f"'{code[:20]}' is not written like a federal code, such as D001"
            yield warning(f".hazardousWaste.federalWasteCodes[{at}].code", told)
    names = ("federalWasteCodes", "tsdfStateWasteCodes", "generatorStateWasteCodes")
    for name in names:
        told_codes = [item.get("code") for _, item in items(codes.get(name))]
        if len({str(code) for code in told_codes}) < len(told_codes):
            yield warning(f".hazardousWaste.{name}", "a code stands in it twice")
    if flag(line.tree, "epaWaste") and not any(
        codes.get(name) for name in (*names, "txWasteCodes")
    ):
        yield warning(".hazardousWaste", "it has no waste code, and epaWaste is true")


def _method(line: Fields) -> Iterator[Problem]:
    code = code_of(line.tree, "managementMethod")
    info = parts(line.manifest.tree, "rejectionInfo")
    is_sent_back = (
        flag(line.manifest.tree, "rejection") and info.get("rejectionType") == "FullReject"
    )
    if code is None and line.is_received and line.submission != "Image" and not is_sent_back:
        yield error(".managementMethod", f"it is missing, and {line.kind} needs it")
    if code is not None and not _METHOD.fullmatch(code):
        yield warning(".managementMethod.code", f"'{code[:20]}' is not written like H141")


def _polychlorinated(line: Fields) -> Iterator[Problem]:
    told = items(line.get("pcbInfos"))
    if flag(line.tree, "pcb") and not told:
        yield warning(".pcbInfos", "it is missing, and pcb is true")
    if told and line.get("pcb") is False:
        yield warning(".pcbInfos", "it is ignored where pcb is not true")


def _differences(line: Fields) -> Iterator[Problem]:
    info: Tree = parts(line.tree, "discrepancyResidueInfo")
    path = ".discrepancyResidueInfo"
    differs = flag(info, "wasteQuantity") or flag(info, "wasteType")
    if differs and not info.get("discrepancyComments"):
        yield error(f"{path}.discrepancyComments", "it is missing, and there is a discrepancy")
    consent = parts(line.tree, "additionalInfo").get("consentNumber")
    if consent and not flag(line.manifest.tree, "import"):
        yield warning(".additionalInfo.consentNumber", "only waste from abroad has one")
