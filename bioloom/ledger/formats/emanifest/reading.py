"""Reading manifests: a document is one of them, or a list of them, or is told to be neither."""

import json

from bioloom.ledger.formats.linked.strict import Tree, read_json
from bioloom.vocabulary.refusal import Refusal

# A document with any of these is a manifest; others of EPA's services have none of them.
_OF_A_MANIFEST = ("submissionType", "generator", "transporters", "designatedFacility", "wastes")
# What else the services answer and ask, by a field that only they have.
_OTHERS = {
    "$schema": "a JSON schema",
    "operationStatus": "the answer of a service",
    "billId": "a bill",
    "bills": "a list of bills",
    "billsInfo": "a history of bills",
    "billingAccount": "a question about bills",
    "sites": "a list of sites",
    "manifestTrackingNumbers": "a request for signatures",
    "page": "a request for a page",
    "emanifestVersions": "a list of a manifest's versions",
    "token": "a sign-in",
}


class NotAManifest(Refusal):
    """A document that is no manifest."""

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            what=f"It is not a manifest, but {found}.",
            why="Only a manifest says what waste went from whom to whom.",
            remedy="Give the manifest itself, as the service Get Manifest returns it.",
        )


def read_manifests(text: bytes) -> list[Tree]:
    """The manifests of a document: it is one, or a list of them.

    Raises:
        NotAManifest: If it is something else.
        DocumentUnreadable, DocumentTooLarge: If it is no JSON that can be read in one way only.

    Example:
        >>> len(read_manifests(b'[{"wastes": []}, {"wastes": []}]'))
        2
    """
    stripped = text.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not stripped.startswith((b"{", b"[")):
        raise NotAManifest(found="no JSON object")
    if stripped.startswith(b"{"):
        return [_manifest(read_json(text))]
    # Read as the only field of an object, so that the same strict reader judges it.
    listed = read_json(b'{"manifests":' + stripped + b"}")
    manifests = listed["manifests"]
    if len(listed) > 1 or not manifests:
        raise NotAManifest(found="a list with nothing in it")
    return [_manifest(item) for item in manifests]


def _manifest(tree: object) -> Tree:
    if not isinstance(tree, dict):
        raise NotAManifest(found="a list of something else")
    for field, kind in _OTHERS.items():
        if field in tree:
            raise NotAManifest(found=kind)
    if not any(field in tree for field in _OF_A_MANIFEST):
        fields = json.dumps(sorted(map(str, tree))[:6])[:200]
        raise NotAManifest(found=f"an object with the fields {fields}")
    return tree
