"""Telling: problems, and looking into documents that may hold anything anywhere."""

from dataclasses import dataclass
from typing import Any

from bioloom.ledger.formats.linked.strict import Tree
from bioloom.ledger.formats.verdicts import Problem

# What is not yet at its facility: who received how much cannot be told.
BEFORE_THE_FACILITY = ("NotAssigned", "Pending", "Scheduled", "InTransit")
_LEFT = ("InTransit", "ReadyForSignature", "Signed", "Corrected", "UnderCorrection")


def error(path: str, what: str) -> Problem:
    """A rule that is broken."""
    return Problem(path=path, what=what)


def warning(path: str, what: str) -> Problem:
    """Something that may be so, and should be looked at."""
    return Problem(path=path, what=what, level="warning")


def parts(tree: Tree, name: str) -> Tree:
    """The object in a field; an empty one where there is none."""
    held = tree.get(name)
    return held if isinstance(held, dict) else {}


def items(listed: object) -> list[tuple[int, Tree]]:
    """The objects of a list, with their places in it."""
    held = listed if isinstance(listed, list) else []
    return [(at, item) for at, item in enumerate(held) if isinstance(item, dict)]


def flag(tree: Tree, name: str) -> bool:
    """Whether a field is true."""
    return tree.get(name) is True


def code_of(tree: Tree, name: str) -> str | None:
    """The code in a field that holds one; none where it holds none."""
    code = parts(tree, name).get("code")
    return code if isinstance(code, str) else None


@dataclass(frozen=True, slots=True)
class Fields:
    """A manifest, or a waste line of the manifest `above` it."""

    tree: Tree
    above: "Fields | None" = None

    def get(self, name: str) -> Any:  # noqa: ANN401  Whatever a document holds.
        """What a field holds; nothing where there is none."""
        return self.tree.get(name)

    @property
    def manifest(self) -> "Fields":
        """The manifest itself."""
        return self if self.above is None else self.above

    @property
    def status(self) -> str:
        """How far the manifest is; empty where it does not say."""
        return str(self.manifest.get("status") or "")

    @property
    def submission(self) -> str:
        """How the manifest was submitted; empty where it does not say."""
        return str(self.manifest.get("submissionType") or "")

    @property
    def kind(self) -> str:
        """Its submission and status, as words."""
        return " ".join(word for word in (self.submission, self.status) if word)

    @property
    def is_draft(self) -> bool:
        """Whether anything may still be missing."""
        return self.status in ("", "NotAssigned", "Pending", "MtnValidationFailed")

    @property
    def has_left(self) -> bool:
        """Whether the waste left its generator."""
        return self.status in _LEFT

    @property
    def is_received(self) -> bool:
        """Whether the facility has told what came of it: after that, its fields are needed."""
        return self.has_left and self.status not in BEFORE_THE_FACILITY
