"""Staging: a story's city, its clock set from scene to scene, and what is told of acts."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec

from bioloom.doors.answers.playing import ActTold, Door, Held, SceneTold
from bioloom.doors.capturing.told import Kind, Told
from bioloom.doors.compose import City
from bioloom.doors.keys.covenants import record_decision
from bioloom.doors.recording import Became, record_told
from bioloom.doors.register.deciding import decide
from bioloom.doors.replanning.deciding import decide_now
from bioloom.ledger.covenants.signing import Decision
from bioloom.ledger.people.deciding import Deed
from bioloom.ledger.record.committing import Committer
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.periods import Instant, day_of, epoch_ms
from bioloom.vocabulary.refusal import Refusal


class Stage:
    """The city of a story as its people act in it, one instant after another."""

    def __init__(
        self,
        city: City,
        seed: int,
        at: Instant,
        *,
        acted: Callable[[ActTold, Instant], None] = lambda _act, _at: None,
    ) -> None:
        """Begin.

        Args:
            city: The city as it is when its story begins.
            seed: What it was made from.
            at: When that is.
            acted: Called with each act of a scene and its instant, once it was done or refused.
        """
        self._at, self.seed, self.acted = at, seed, acted
        self._committer = Committer(city.journal, clock=self.now)
        self._city = replace(city, committer=self._committer)

    @property
    def city(self) -> City:
        """The city, its clock standing at the instant of the scene."""
        settings = msgspec.structs.replace(self._city.settings, clock_stands_at=self._at)
        return replace(self._city, settings=settings)

    def now(self) -> Instant:
        """The instant at which the clock stands."""
        return self._at

    def go_to(self, at: Instant) -> None:
        """Set the clock."""
        assert at >= self._at, "a story goes on"
        self._at = at

    def happens(
        self,
        did: str,
        kind: Kind,
        body: dict[str, Any],
        *,
        key: str,
        by: AgentId,
        at: Instant | None = None,
        correct: bool = False,
    ) -> ActTold:
        """Somebody tells of an event, as `bioloom record` and the city's API take it.

        Args:
            did: What they do, in plain words.
            kind: The kind of entry.
            body: Its fields.
            key: Its own number where it comes from.
            by: Who tells it.
            at: When it happened, as they say; now unless given.
            correct: Whether it corrects what they told under this key.
        """
        before = self.head()
        told = Told(kind=kind, key=key, body=body, occurred_at=at)
        (became,) = record_told(self.city, [told], author=by, correct=correct, clock=self.now)
        return self._told(did, "events", by, became, before)

    def decides(
        self,
        did: str,
        deciding: Callable[[Deed], Sequence[Draft[Any]]],
        *,
        by: AgentId,
    ) -> ActTold:
        """Somebody decides who belongs where, as `bioloom people` takes it."""
        return self.tries(
            did, "people", by, lambda: decide(self.city, by, deciding, clock=self.now)[-1].seq
        )

    def tries(self, did: str, door: Door, by: AgentId, trying: Callable[[], int]) -> ActTold:
        """Somebody does something that gives the number of its entry, or is refused."""
        before = self.head()
        try:
            seq = trying()
        except Refusal as refusal:
            became = Became(key="", outcome="refused", what=refusal.what, why=refusal.why)
            return self._told(did, door, by, became, before)
        return self._told(did, door, by, Became(key="", outcome="recorded", seq=seq), before)

    def disrupts(self, did: str, deciding: Callable[[Deed], Draft[Any]], *, by: AgentId) -> ActTold:
        """Somebody decides what stands in the way of plans, or vetoes a move."""
        return self.tries(did, "circuits", by, lambda: decide_now(self.city, by, deciding).seq)

    def brings(self, did: str, decision: Decision, *, by: AgentId) -> ActTold:
        """Somebody brings a covenant or a release, as `bioloom covenants` takes it."""
        return self.tries(
            did,
            "covenants",
            by,
            lambda: record_decision(self.city, decision, author=by, clock=self.now).seq,
        )

    def name(self, agent: AgentId) -> str:
        """What the record calls somebody, without what it adds in brackets or after a comma."""
        name = self.city.journal.declared().agents.get(agent, str(agent))
        return name.partition(" (")[0].partition(",")[0]

    def today(self) -> date:
        """The day of the scene."""
        return day_of(epoch_ms(self._at), self._city.settings.zone)

    def head(self) -> int:
        """The number of the record's last entry."""
        return self._city.journal.head().seq

    def close(self) -> None:
        """Let go of the record; the city goes on by its own clock."""
        self._committer.close()

    def _told(self, did: str, door: Door, by: AgentId, became: Became, before: int) -> ActTold:
        is_refused = became.outcome in ("refused", "conflict")
        entry = self._attempt_after(before) if is_refused else became.seq
        return ActTold(
            who=self.name(by),
            did=did,
            door=door,
            outcome="refused" if is_refused else "recorded",
            entry=entry,
            why=became.what if is_refused else None,
            page=None if entry is None else f"/record/{entry}",
        )

    def _attempt_after(self, seq: int) -> int | None:
        """The entry that says that something was tried, if there is one."""
        tried = self._city.journal.read(after=seq, kinds=["ActRefused"])
        return next((entry.seq for entry in tried), None)


class Scene:
    """A scene that is being played: what is told of it, what was done, and what must hold."""

    def __init__(self, stage: Stage, name: str, title: str) -> None:
        self._stage, self._name, self.title = stage, name, title
        self._day, self.told, self.acts = stage.today(), list[str](), list[ActTold]()
        self.held: list[Held] = []

    def add(self, act: ActTold) -> ActTold:
        """Go on with an act."""
        self.acts.append(act)
        self._stage.acted(act, self._stage.now())
        return act

    def must(self, what: str, *, holds: bool) -> None:
        """Say what must hold, and whether it does."""
        self.held.append(Held(what=what, holds=holds))

    def answer(self) -> SceneTold:
        """The scene as it is told."""
        return SceneTold(
            name=self._name, title=self.title, day=self._day, told=self.told, acts=self.acts
        )


def kilograms_of(mass_kg: int) -> dict[str, str]:
    """An amount as a program tells it."""
    return {"reported": str(mass_kg), "unit": "kg"}
