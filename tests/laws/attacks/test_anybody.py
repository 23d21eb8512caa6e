"""Whatever anybody does in whatever order, nobody outside owns anything of the commons."""

from random import Random
from typing import Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bioloom.ledger.events.reversing import reverse
from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import PIECE
from bioloom.vocabulary.entries.actions import Action
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventHappened, ProcessId, ReleaseId
from bioloom.vocabulary.entries.ledger import LotArrived, LotTransferred
from bioloom.vocabulary.entries.people import MembershipEnded
from bioloom.vocabulary.lots import LotId, Side
from tests.laws.attacks.raid import ATTACKERS, ENOUGH, Raid, loot, vanished_mg
from tests.ledger.covenants.commons import accepting, day, draft, joining

AGENTS = ("river", "mill", "ana", "milo", "acme", "hauler", "newt")
lots = st.sampled_from(("beam0", "beam1", "beam2", "planks", "part", "made", "other"))
agents = st.sampled_from(AGENTS)
units = st.sampled_from((1, 10, 1000, 20_000, ENOUGH // 2, ENOUGH))
processes = st.sampled_from(("p", "q"))
ways: st.SearchStrategy[tuple[Side, ...]] = st.sampled_from(
    (("rights", "custody"), ("rights",), ("custody",))
)


class Anybody(RuleBasedStateMachine):
    """Everybody offers whatever they can think of; what is recorded is for the ledger to say."""

    def __init__(self) -> None:
        super().__init__()
        self.raid = Raid(MemoryStore(), Random(1))
        self.raid.tries(self.raid.crate("crate", "river"), self.raid.crate("box", "acme"))
        self.joined: dict[str, int] = {}

    @rule(days=st.integers(1, 20))
    def days_pass(self, days: int) -> None:
        self.raid.today += days

    @rule(
        lot=lots,
        many=units,
        giver=agents,
        receiver=st.sampled_from((*AGENTS, "outside")),
        sides=ways,
    )
    def give(self, lot: str, many: int, giver: str, receiver: str, sides: tuple[Side, ...]) -> None:
        if giver != receiver:
            self.raid.tries(self.raid.gives(lot, many, giver, receiver, sides=sides))

    @rule(lot=lots, to_lot=lots, many=units, giver=agents, receiver=agents, makes=st.booleans())
    def pour(
        self, *, lot: str, to_lot: str, many: int, giver: str, receiver: str, makes: bool
    ) -> None:
        made = to_lot if makes else None
        self.raid.tries(
            self.raid.event("transfer", lot, many, giver, receiver, to_lot=LotId(to_lot), made=made)
        )

    @rule(process=processes, operator=agents)
    def open(self, process: str, operator: str) -> None:
        self.raid.tries(self.raid.opens(process, operator=operator))

    @rule(
        action=st.sampled_from(("consume", "accept", "pickup", "use")),
        lot=lots,
        many=units,
        by=agents,
        process=processes,
    )
    def put_in(self, action: Action, lot: str, many: int, by: str, process: str) -> None:
        self.raid.tries(self.raid.event(action, lot, many, by, input_of=ProcessId(process)))

    @rule(
        action=st.sampled_from(("produce", "modify", "dropoff")),
        lot=lots,
        many=units,
        by=agents,
        process=processes,
        makes=st.booleans(),
    )
    def put_out(
        self, *, action: Action, lot: str, many: int, by: str, process: str, makes: bool
    ) -> None:
        made = lot if makes and action == "produce" else None
        self.raid.tries(
            self.raid.event(action, lot, many, by, made=made, output_of=ProcessId(process))
        )

    @rule(process=processes, by=agents)
    def close(self, process: str, by: str) -> None:
        self.raid.closes(process, by)

    @rule(
        action=st.sampled_from(("raise", "lower")), lot=lots, many=units, by=agents, author=agents
    )
    def recount(self, action: Action, lot: str, many: int, by: str, author: str) -> None:
        self.raid.tries(self.raid.event(action, lot, many, by, author=author))

    @rule(
        action=st.sampled_from(("combine", "separate")),
        lot=lots,
        many=units,
        by=agents,
        crate=st.sampled_from(("crate", "box")),
    )
    def pack(self, action: Action, lot: str, many: int, by: str, crate: str) -> None:
        self.raid.tries(self.raid.event(action, lot, many, by, container=LotId(crate)))

    @rule(crate=st.sampled_from(("crate", "box")), giver=agents, receiver=agents)
    def carry_off(self, crate: str, giver: str, receiver: str) -> None:
        self.raid.tries(self.raid.event("transfer", crate, 1, giver, receiver, base_unit=PIECE))

    @rule(
        member=st.sampled_from(("newt", "hauler")),
        group=st.sampled_from(("river", "mill")),
        by=st.sampled_from((None, "steward")),
    )
    def join(self, member: str, group: str, by: str | None) -> None:
        self.raid.tries(joining(member, group, on=self.raid.today, by=by))

    @rule(
        member=st.sampled_from(("newt", "hauler")),
        group=st.sampled_from(("river", "mill")),
        by=st.sampled_from((None, "steward", "river", "acme")),
    )
    def accept(self, member: str, group: str, by: str | None) -> None:
        self.raid.tries(accepting(member, group, on=self.raid.today, by=by))

    @rule(
        member=st.sampled_from(("newt", "hauler", "mill", "milo")),
        group=st.sampled_from(("river", "mill")),
    )
    def leave(self, member: str, group: str) -> None:
        body = MembershipEnded(member=AgentId(member), group=AgentId(group))
        self.raid.tries(draft(body, self.raid.key(), on=self.raid.today, author=member))

    @rule(at=st.integers(0, 40), owner=agents, many=units, author=agents)
    def correct(self, at: int, owner: str, many: int, author: str) -> None:
        entry = self._entry(at)
        change: dict[str, Any] = {}
        match entry.body:
            case LotArrived():
                change = {"owner": AgentId(owner), "mass_mg": many, "reported": str(many)}
            case LotTransferred():
                change = {"receiver": AgentId(owner), "mass_mg": many}
            case EventHappened():
                change = {"receiver": AgentId(owner)}
        if change and getattr(entry.body, "giver", None) != owner:
            body = msgspec.structs.replace(entry.body, **change)
            again = draft(body, entry.idempotency_key, on=self.raid.today, author=author)
            self.raid.tries(
                msgspec.structs.replace(again, occurred_at=entry.occurred_at), correct=True
            )

    @rule(at=st.integers(0, 40), author=agents)
    def take_back(self, at: int, author: str) -> None:
        entry = self._entry(at)
        if isinstance(entry.body, LotArrived | LotTransferred | EventHappened):
            body = reverse(entry, reason="mistake")
            self.raid.tries(draft(body, self.raid.key(), on=self.raid.today, author=author))

    @rule(
        name=st.sampled_from(("r1", "r2")),
        lot=lots,
        many=units,
        signers=st.sets(st.sampled_from(("ana", "bo", "cleo", "acme"))),
    )
    def release(self, name: str, lot: str, many: int, signers: set[str]) -> None:
        released = self.raid.signed(self.raid.release(name, lot, many), *sorted(signers))
        outcomes = len(self.raid.refusals)
        self.raid.tries(draft(released, self.raid.key(), on=self.raid.today, author="acme"))
        if len(signers - {"acme"}) < 2:
            assert len(self.raid.refusals) == outcomes + 1

    @rule(name=st.sampled_from(("r1", "r2")), lot=lots, many=units, made=lots)
    def let_go(self, name: str, lot: str, many: int, made: str) -> None:
        self.raid.tries(
            self.raid.event(
                "transfer",
                lot,
                many,
                "river",
                "acme",
                to_lot=LotId(made),
                made=made,
                releases=(ReleaseId(name),),
            )
        )

    def _entry(self, at: int) -> Entry[Any]:
        entries = list(self.raid.journal.read())
        return entries[-1 - at % len(entries)]

    @invariant()
    def nobody_outside_owns_anything_of_ours(self) -> None:
        belong = self._belong()
        found = loot(self.raid.journal)
        assert {who for _, who in found} - belong == set(), found
        assert vanished_mg(self.raid.journal) <= 3 * 2 * ENOUGH * 20 // 1000

    def _belong(self) -> set[str]:
        """Attackers who belong by now, as far as their memberships and their own words say."""
        ties: dict[tuple[str, str], str] = {("mill", "river"): "", ("milo", "mill"): ""}
        let_in: set[tuple[str, str]] = set()
        kinds = ["MembershipBegan", "MembershipAccepted", "MembershipEnded"]
        for entry in self.raid.journal.read(kinds=kinds):
            tie = str(entry.body.member), str(entry.body.group)
            if entry.kind == "MembershipEnded":
                ties.pop(tie, None)
                let_in.discard(tie)
                continue
            if entry.kind == "MembershipBegan":
                let_in.add(tie)
            if tie in let_in and entry.author == entry.body.member:
                ties.setdefault(tie, entry.recorded_at)
        long_ago = day(max(self.raid.today - 14, 1), 18)
        inside = {"river"}
        for _ in ties:
            inside |= {
                m for (m, group), since in ties.items() if group in inside and since <= long_ago
            }
        return inside & set(ATTACKERS)

    def teardown(self) -> None:
        assert verify(self.raid.journal.store).problems == []


TestAnybody = Anybody.TestCase
TestAnybody.settings = settings(max_examples=150, stateful_step_count=40)
