"""Taking Valueflows documents into a city: what is new is recorded, what differs is a conflict."""

from typing import Any

import msgspec

from bioloom.doors.capturing.hands import Hands
from bioloom.doors.findings import conflict_of, finding_of
from bioloom.ledger.formats.rows import Rejected
from bioloom.ledger.formats.valueflows.graph import Graph, Node, read_graph
from bioloom.ledger.formats.valueflows.naming import Naming
from bioloom.ledger.formats.valueflows.taking import TAKEN, Setting, drafts_of, key_of
from bioloom.ledger.record.outcomes import Recorded
from bioloom.ledger.record.remembering import recall
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.events import EventHappened
from bioloom.vocabulary.refusal import Refusal


class TakingGraph:
    """A document of linked data, taken a node at a time."""

    def __init__(self, hands: Hands) -> None:
        self._hands, self._journal, self._report = hands, hands.city.journal, hands.report

    def run(self, text: bytes, *, is_yaml: bool) -> None:
        """Take every event, commitment and claim.

        Raises:
            Refusal: If it is no Valueflows document.
        """
        graph = read_graph(text, is_yaml=is_yaml)
        naming = Naming(graph)
        for number, node in enumerate(graph.nodes, start=1):
            if node.type not in TAKEN:
                continue
            self._report.rows += 1
            try:
                self._take(number, node, graph, naming)
            except Refusal as refusal:
                self._report.rejected += 1
                self._report.tell(finding_of(Rejected(number, node.id, refusal, ())))

    def _take(self, number: int, node: Node, graph: Graph, naming: Naming) -> None:
        key = key_of(node)
        known = self._journal.current([key]).get(key)
        setting = Setting(
            declared=self._journal.declared(),
            facts=recall(self._journal.store),
            author=self._hands.author,
            at=self._hands.clock() if known is None else known.occurred_at,
        )
        drafts = drafts_of(node, graph, naming, setting, made_before=_made(known))
        own = drafts[-1]
        if known is None:
            if not self._hands.dry_run:
                self._journal.record(self._hands.caused(drafts), recorded_at=self._hands.clock())
            self._report.recorded += len(drafts)
        elif (known.body, known.occurred_at) == (own.body, own.occurred_at):
            self._report.same += 1
        elif self._hands.correct:
            self._replace(own)
        else:
            self._report.conflicts += 1
            told = conflict_of(
                line=number, column=node.id, key=key, recorded=known.body, stated=own.body
            )
            self._report.tell(told)

    def _replace(self, draft: Draft[Any]) -> None:
        if not self._hands.dry_run:
            caused = self._hands.caused([draft])
            (outcome,) = self._journal.append(caused, recorded_at=self._hands.clock(), correct=True)
            if not isinstance(outcome, Recorded):
                refusal = getattr(outcome, "refusal", None)
                assert isinstance(refusal, Refusal), "a correction is recorded or refused"
                raise refusal
        self._report.corrected += 1


def _made(known: Entry[Any] | None) -> Any:  # noqa: ANN401  A lot's id, where it made one.
    body: msgspec.Struct | None = None if known is None else known.body
    return body.made.lot if isinstance(body, EventHappened) and body.made is not None else None
