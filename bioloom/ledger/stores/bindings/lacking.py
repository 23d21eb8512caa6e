"""Lacking: a store that keeps no covenants yet has none, and refuses to be given one."""

from bioloom.ledger.stores.bindings.memory import BindingTables, MemoryBindings
from bioloom.ledger.stores.bindings.rows import Bindings
from bioloom.vocabulary.refusal import Refusal


class CovenantsNotKept(Refusal):
    """A covenant was offered to a store that could not enforce it."""

    def __init__(self) -> None:
        super().__init__(
            what="A journal in a PostgreSQL database keeps no covenants yet.",
            why="A covenant that the store itself does not enforce would only look like one.",
            remedy="Keep the city's journal in its folder, or wait for a newer Bioloom.",
        )


class LackingBindings(MemoryBindings):
    """No covenants."""

    def __init__(self) -> None:
        super().__init__(BindingTables, list)

    def refuse(self, rows: Bindings) -> None:
        """Refuse rows about covenants, if there are any.

        Raises:
            CovenantsNotKept: If there are.
        """
        if any(rows):
            raise CovenantsNotKept
