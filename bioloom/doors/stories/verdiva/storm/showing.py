"""Showing the storm: it is played while the city's page is open, slowly enough to watch."""

import threading
from collections.abc import Callable
from pathlib import Path

from bioloom.doors.answers.playing import ActTold, Played, SceneTold
from bioloom.doors.compose import open_city
from bioloom.doors.stories.staging import Scene
from bioloom.doors.stories.verdiva.storm.calendar import STANDS_AT
from bioloom.doors.stories.verdiva.storm.playing import Verdiva
from bioloom.vocabulary.periods import Instant

# A page looks for what is new every five seconds at most.
_PAUSE_S = 3.0
# Whoever watches reads on while people act.
_ACT_S = 1.5


class _Stopped(Exception):  # noqa: N818  Nothing went wrong.
    """Whoever watched has left."""


class Showing:
    """A storm that is played beside a server."""

    def __init__(
        self,
        verdiva: Verdiva,
        folder: Path,
        *,
        told: Callable[[SceneTold], None],
        ended: Callable[[Played], None],
        acted: Callable[[ActTold], None] = lambda _: None,
        pause_s: float = _PAUSE_S,
        act_s: float = _ACT_S,
    ) -> None:
        """Get ready.

        Args:
            verdiva: The city with its storm still to come.
            folder: Where it stands.
            told: Called with each scene when it was played.
            ended: Called with all of it in the end.
            acted: Called with each act of a scene, once it was done or refused.
            pause_s: How long to wait after each scene, and each day [seconds].
            act_s: How long to wait after each act [seconds].
        """
        self._verdiva, self._folder = verdiva, folder
        self._pause_s, self._act_s = pause_s, act_s
        self._told, self._ended, self._acted = told, ended, acted
        self._at = STANDS_AT

    def now(self) -> Instant:
        """Where the story stands."""
        return self._at

    def play(self, until: threading.Event) -> None:
        """Play it until it ends, or nobody watches any more."""

        def passed(at: Instant) -> None:
            self._at = at
            if until.wait(self._pause_s):
                raise _Stopped

        def acted(act: ActTold, at: Instant) -> None:
            self._at = at
            self._acted(act)
            if until.wait(self._act_s):
                raise _Stopped

        def told(scene: Scene) -> None:
            self._told(scene.answer())

        try:
            with open_city(self._folder) as city:
                self._ended(self._verdiva.play(city, told=told, passed=passed, acted=acted))
        except _Stopped:
            return
