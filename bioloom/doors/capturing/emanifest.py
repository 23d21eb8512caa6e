"""Taking manifests of the US EPA into a city: each once, and its later states as corrections."""

from typing import Any

from bioloom.doors.capturing.hands import Hands
from bioloom.doors.findings import conflict_of, finding_of
from bioloom.ledger.formats.emanifest.carrying import carry, not_carried
from bioloom.ledger.formats.emanifest.reading import read_manifests
from bioloom.ledger.formats.emanifest.taking import (
    ManifestOutdated,
    drafts_of,
    key_of,
    originals_of,
    progress_of,
)
from bioloom.ledger.formats.linked.strict import Tree
from bioloom.ledger.formats.rows import Rejected
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.manifests import ManifestTaken
from bioloom.vocabulary.refusal import Refusal


class TakingManifests:
    """A document with manifests, taken one at a time."""

    def __init__(self, hands: Hands) -> None:
        self._hands, self._city, self._report = hands, hands.city, hands.report

    def run(self, text: bytes) -> None:
        """Take every manifest; one that is refused does not stop the others.

        Raises:
            NotAManifest: If the document holds none.
            DocumentUnreadable, DocumentTooLarge: If it cannot be read.
        """
        numbered = list(enumerate(read_manifests(text), start=1))
        # What ships on a rejected part comes out of a lot that has to be there first.
        numbered.sort(key=lambda one: one[1].get("containsPreviousRejectOrResidue") is True)
        for number, tree in numbered:
            self._report.rows += 1
            try:
                self._take(number, tree)
            except Refusal as refusal:
                self._report.rejected += 1
                self._report.tell(finding_of(Rejected(number, None, refusal, ())))

    def _take(self, number: int, tree: Tree) -> None:
        manifest = carry(tree)
        for field in not_carried(tree):
            if field not in self._report.not_carried:
                self._report.not_carried.append(field)
        known = self._known([manifest.manifest]).get(manifest.manifest)
        if known is not None and known.body == manifest:
            self._report.same += 1
            return
        if known is not None and not self._hands.correct:
            before, now = progress_of(known.body.carried), progress_of(manifest.carried)
            if now < before:
                raise ManifestOutdated(manifest=manifest.manifest)
            if now == before:
                self._conflict(number, known, manifest)
                return
        self._record(manifest, known)

    def _conflict(self, number: int, known: Entry[Any], manifest: ManifestTaken) -> None:
        key = key_of(manifest.manifest)
        told = conflict_of(line=number, column=None, key=key, recorded=known.body, stated=manifest)
        self._report.conflicts += 1
        self._report.tell(told)

    def _record(self, manifest: ManifestTaken, known: Entry[Any] | None) -> None:
        originals = self._known(originals_of(manifest.carried)).values()
        drafts = drafts_of(
            manifest,
            [entry.body for entry in originals],
            known=None if known is None else known.body,
            agents=self._city.journal.declared().agents,
            author=self._hands.author,
            at=self._hands.clock(),
        )
        self._hands.commit_whole(drafts)
        if known is None:
            self._report.recorded += len(drafts)
        else:
            self._report.corrected += len(drafts)

    def _known(self, names: tuple[str, ...] | list[str]) -> dict[str, Entry[Any]]:
        keys = {key_of(name): name for name in names}
        found = self._city.journal.current(list(keys))
        return {keys[key]: entry for key, entry in found.items()}
