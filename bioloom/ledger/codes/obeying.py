"""Obeying: what happens is held against the policies in force when it happens."""

from collections.abc import Callable, Collection
from datetime import date
from zoneinfo import ZoneInfo

from bioloom.ledger.codes.handling import Handling, Places
from bioloom.ledger.codes.policies.asking import refuses
from bioloom.ledger.codes.standing import Codes, Version
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.amounts import MILLIGRAM
from bioloom.vocabulary.entries.codes import CodeEnacted, CodeId, PoliciesSet
from bioloom.vocabulary.entries.events import EventHappened
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant, day_of, epoch_ms
from bioloom.vocabulary.refusal import Refusal


class AgainstCode(Refusal):
    """Something happens that a Code in force on its day refuses."""

    def __init__(self, *, terms: CodeEnacted, rule: int, policies: tuple[str, ...]) -> None:
        self.code, self.version, self.rule = terms.code, terms.version, rule
        self.policies = policies
        by = f", by {', '.join(policies)}" if policies else ", as none of its policies permits it"
        super().__init__(
            what=f"The Code '{terms.title[:80]}' ({terms.code[:80]}, version {terms.version}) "
            f"refuses this in rule {rule}{by}.",
            why=terms.rationale,
            remedy=f"See what it allows: `bioloom codes show DIR {terms.code[:80]}`.",
        )


class Obeying:
    """The policies of a city by day, read once."""

    def __init__(self, codes: Codes, declared: Callable[[], Declared]) -> None:
        """Look whether any Code has policies at all; most cities have none to be held against.

        Args:
            codes: All Codes.
            declared: The city, asked for when it is needed.
        """
        self._codes, self._ask = codes, declared
        self._has_any = any(
            isinstance(rule, PoliciesSet)
            for versions in codes.by_id.values()
            for version in versions
            for rule in version.terms.rules
        )
        self._city: tuple[Places, ZoneInfo] | None = None
        self._on: dict[date, list[Version]] = {}

    @property
    def enacted(self) -> Collection[CodeId]:
        """The names of all Codes ever enacted, those that ended, too."""
        return self._codes.by_id.keys()

    def judge(self, body: EventHappened, kind: tuple[MaterialId, str] | None, at: Instant) -> None:
        """Hold an event against the policies in force on its day.

        Args:
            body: The event.
            kind: What its lot is made of and counted in, if it has one.
            at: When it happens.

        Raises:
            AgainstCode: If one refuses it.
        """
        if not self._has_any or kind is None:
            return
        if self._city is None:
            declared = self._ask()
            zone = ZoneInfo(declared.founded.timezone if declared.founded else "UTC")
            self._city = Places(declared), zone
        places, zone = self._city
        material, base = kind
        units = None if body.quantity is None else body.quantity.units
        mass_mg = units if base == MILLIGRAM else body.mass_mg
        day = day_of(epoch_ms(at), zone)
        self.judge_done(places.event(body, material, mass_mg=mass_mg, day=day))

    def judge_done(self, done: Handling) -> None:
        """Hold something done against the policies in force on its day.

        Raises:
            AgainstCode: If one refuses it.
        """
        if done.day not in self._on:
            self._on[done.day] = self._codes.in_force(done.day)
        for version in self._on[done.day]:
            for provision in version.provisions:
                if isinstance(provision.rule, PoliciesSet):
                    found = refuses(provision.rule, done)
                    if found is not None:
                        terms = version.terms
                        raise AgainstCode(terms=terms, rule=provision.number, policies=found)
