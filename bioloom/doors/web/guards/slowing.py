"""Slowing: whoever guesses waits, and guessing costs us little."""

import threading
from collections import OrderedDict

from bioloom.vocabulary.refusal import Refusal

TRIES = 10
PER_S = 60.0
_MOST_KEYS = 10_000


class TooManyTries(Refusal):
    """Somebody tried too often in too short a time."""

    def __init__(self, *, wait_s: int) -> None:
        self.wait_s = wait_s
        super().__init__(
            what="There were too many tries from where you are.",
            why="Guessing a link or a code is made slow.",
            remedy=f"Wait {wait_s} seconds, and try again.",
        )


class Pace:
    """Allows so many tries at once, and then one as each share of the time has passed."""

    def __init__(self, *, tries: int = TRIES, per_s: float = PER_S) -> None:
        """Begin with nobody having tried.

        Args:
            tries: How many at once.
            per_s: In how many seconds as many come back.
        """
        self._tries, self._share_s = tries, per_s / tries
        # By who tries, the second at which all their tries are back (a leaky bucket).
        self._full_at_s: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def try_at(self, who: str, at_s: float) -> None:
        """Count a try.

        Args:
            who: Where it comes from.
            at_s: Now, by a clock that never goes back.

        Raises:
            TooManyTries: If no try is left.
        """
        with self._lock:
            full_at_s = max(self._full_at_s.get(who, at_s), at_s) + self._share_s
            over_s = full_at_s - at_s - self._tries * self._share_s
            if over_s > 0:
                raise TooManyTries(wait_s=max(1, round(over_s + 0.5)))
            self._full_at_s[who] = full_at_s
            self._full_at_s.move_to_end(who)
            while len(self._full_at_s) > _MOST_KEYS:
                self._full_at_s.popitem(last=False)
