"""Checking a manifest: what its fields ask of each other, beyond what each may hold by itself.

What EPA refuses is an error. What it would ignore, or what is odd and yet may be so, is a warning.
"""

import re
from collections import Counter
from collections.abc import Iterator

from bioloom.ledger.formats.emanifest.rules.fields import (
    MANIFEST,
    PLACEHOLDER,
    SITE_ID,
)
from bioloom.ledger.formats.emanifest.rules.sites import site_problems
from bioloom.ledger.formats.emanifest.rules.telling import (
    BEFORE_THE_FACILITY,
    Fields,
    error,
    flag,
    items,
    parts,
    warning,
)
from bioloom.ledger.formats.emanifest.rules.wastes import line_problems
from bioloom.ledger.formats.linked.strict import Tree
from bioloom.ledger.formats.verdicts import Problem

# By their paper copy: the number is the one printed on it.
_BY_PAPER = ("DataImage5Copy", "Image")


def manifest_problems(tree: Tree) -> list[Problem]:
    """All that is wrong or odd with a manifest.

    Args:
        tree: A manifest, as `read_manifests` found it.
    """
    found = [Problem(path=f"${path}", what=what) for path, what in MANIFEST(tree)]
    return [*found, *_relations(Fields(tree))]


def _relations(manifest: Fields) -> Iterator[Problem]:
    yield from _number_problems(manifest)
    yield from _status_problems(manifest)
    yield from site_problems(manifest)
    yield from _lines(manifest)
    yield from _rejection_problems(manifest)
    yield from _residue_problems(manifest)
    yield from _continuation_problems(manifest)
    yield from _import_problems(manifest)


def _number_problems(manifest: Fields) -> Iterator[Problem]:
    path, number = "$.manifestTrackingNumber", manifest.get("manifestTrackingNumber")
    if number == PLACEHOLDER:
        yield warning(path, f"'{PLACEHOLDER}' stands for a number that is still to be put in")
    elif number is None and manifest.submission in _BY_PAPER:
        yield error(path, f"it is missing, and {manifest.submission} has that of its paper copy")
    elif number is None and manifest.has_left:
        yield error(path, f"it is missing, and a manifest that is {manifest.status} has one")


def _status_problems(manifest: Fields) -> Iterator[Problem]:
    if manifest.get("submissionType") is None:
        yield error("$.submissionType", "it is missing: what else is needed follows from it")
        return
    if manifest.get("status") is None and manifest.submission not in _BY_PAPER:
        yield warning("$.status", "it is missing: it is read as one that is not under way")
    needed: tuple[str, ...] = ()
    if manifest.submission == "Image":
        needed = ("designatedFacility", "printedDocument")
    elif manifest.status not in ("NotAssigned", "Pending", "MtnValidationFailed"):
        needed = ("generator", "transporters", "designatedFacility", "wastes")
    for name in needed:
        if not manifest.get(name):
            yield error(f"$.{name}", f"it is missing, and {manifest.kind} needs it")
    if manifest.submission == "DataImage5Copy" and not manifest.get("printedDocument"):
        yield warning("$.printedDocument", "it is missing: the image of the paper copy follows")


def _lines(manifest: Fields) -> Iterator[Problem]:
    lines = items(manifest.get("wastes"))
    for at, line in lines:
        yield from line_problems(Fields(line, above=manifest), f"$.wastes[{at}]")
    numbers = Counter(
        number for _, line in lines if isinstance(number := line.get("lineNumber"), int)
    )
    for number, count in numbers.items():
        if count > 1:
            yield error("$.wastes", f"{count} lines have the number {number}")
    if numbers and sorted(numbers) != list(range(1, len(numbers) + 1)):
        yield warning("$.wastes", "the numbers of the lines have a gap, or do not begin at 1")
    for indicator, fields in (
        ("discrepancy", ("wasteQuantity", "wasteType")),
        ("residue", ("residue",)),
    ):
        said = manifest.get(indicator)
        told = [parts(line, "discrepancyResidueInfo") for _, line in lines]
        found = any(flag(info, field) for info in told for field in fields)
        if isinstance(said, bool) and said != found:
            lines_say = "some line has one" if found else "no line has one"
            yield warning(f"$.{indicator}", f"it is {str(said).lower()}, and {lines_say}")


def _rejection_problems(manifest: Fields) -> Iterator[Problem]:
    rejected, info = manifest.get("rejection"), manifest.get("rejectionInfo")
    path = "$.rejectionInfo"
    if rejected is not None and manifest.status in BEFORE_THE_FACILITY:
        yield warning("$.rejection", f"it is ignored while the manifest is {manifest.status}")
    if rejected is not True:
        if info is not None:
            yield warning(path, "it is ignored where `rejection` is not true")
        return
    if not isinstance(info, dict):
        yield error(path, "it is missing, and a rejected manifest needs it")
        return
    for name in ("rejectionType", "transporterOnSite"):
        if info.get(name) is None:
            yield error(f"{path}.{name}", "it is missing, and a rejected manifest needs it")
    whither = info.get("alternateDesignatedFacilityType")
    goes_anew = bool(info.get("newManifestTrackingNumbers"))
    if whither is None and not goes_anew:
        told = "neither it nor a new manifest says where what was rejected goes"
        yield error(f"{path}.alternateDesignatedFacilityType", told)
    if whither == "Tsdf" and not info.get("alternateDesignatedFacility") and not goes_anew:
        told = "it is missing, and what was rejected goes to another facility"
        yield error(f"{path}.alternateDesignatedFacility", told)
    if info.get("rejectionType") == "PartialReject" and not goes_anew:
        told = "it is missing: how much was rejected stands on the new manifest alone"
        yield warning(f"{path}.newManifestTrackingNumbers", told)


def _residue_problems(manifest: Fields) -> Iterator[Problem]:
    path, has = "$.residueNewManifestTrackingNumbers", manifest.get("residue")
    numbers = manifest.get("residueNewManifestTrackingNumbers")
    if numbers and has is not True:
        yield warning(path, "it is ignored where `residue` is not true")
    if has is True and not numbers:
        yield warning(path, "it is missing: the residue goes on under no manifest that is known")


def _continuation_problems(manifest: Fields) -> Iterator[Problem]:
    info, continues = (
        parts(manifest.tree, "additionalInfo"),
        manifest.get("containsPreviousRejectOrResidue"),
    )
    path = "$.additionalInfo.originalManifestTrackingNumbers"
    originals = info.get("originalManifestTrackingNumbers")
    if continues is True and not originals:
        yield error(path, "it is missing, and the manifest ships what another one rejected or left")
    for name in ("originalManifestTrackingNumbers", "newManifestDestination"):
        if continues is not True and info.get(name):
            told = "it is ignored where `containsPreviousRejectOrResidue` is not true"
            yield warning(f"$.additionalInfo.{name}", told)
    number = manifest.get("manifestTrackingNumber")
    if number is not None and isinstance(originals, list) and number in originals:
        yield error(path, "the manifest names itself as the one it continues")


def _import_problems(manifest: Fields) -> Iterator[Problem]:
    imports, info = manifest.get("import"), manifest.get("importInfo")
    if imports is True and not isinstance(info, dict):
        yield error("$.importInfo", "it is missing, and waste from abroad needs it")
    elif imports is True:
        for name in ("importGenerator", "portOfEntry"):
            if not parts(manifest.tree, "importInfo").get(name):
                yield warning(f"$.importInfo.{name}", "it is missing")
    elif info is not None:
        yield warning("$.importInfo", "it is ignored where `import` is not true")
    correction = parts(manifest.tree, "correctionInfo")
    signer = correction.get("epaSiteId")
    if isinstance(signer, str) and not re.fullmatch(SITE_ID, signer):
        yield warning("$.correctionInfo.epaSiteId", "it is not written like VATEST000001")
    if manifest.status == "Corrected" and correction.get("versionNumber") is None:
        yield warning("$.correctionInfo.versionNumber", "it is missing: which version is not told")
