"""Verdiva's storm in a browser: the control room follows while it is played, act by act."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Open

# Plays the storm beside its page once a line comes, and waits for one after each act or scene.
PROGRAM = """
import sys
from pathlib import Path
from bioloom.doors.stories.telling import found_story
from bioloom.doors.stories.verdiva.storm.calendar import BEGINS, STANDS_AT
from bioloom.doors.stories.verdiva.storm.playing import Verdiva
from bioloom.doors.stories.verdiva.storm.showing import Showing
from bioloom.doors.web.serving import serve

class Stepped(Showing):
    def play(self, until):
        sys.stdin.readline()
        super().play(until)

def stop(words):
    print(words, flush=True)
    sys.stdin.readline()

folder, verdiva = Path(sys.argv[1]), Verdiva()
found_story("verdiva", folder, first=BEGINS, stands_at=STANDS_AT, live=verdiva.live)
story = Stepped(
    verdiva, folder, told=lambda scene: stop(scene.name), ended=lambda played: stop("the end"),
    acted=lambda act: stop(act.did), pause_s=0.0, act_s=0.0,
)
serve(folder, port=0, story=story, page="control")
"""
# A page looks for what is new every five seconds at most, and this machine may be busy.
SOON_MS = 30_000


@dataclass
class Stepped:
    """A storm that is played, and stops after each of its acts and scenes."""

    address: str
    said: IO[str]
    asked: IO[str]

    def goes_on_to(self, *acts: str) -> None:
        """Let it go on until there was an act or a scene that begins so, and then the next."""
        for words in acts:
            said = ""
            while not said.startswith(words):
                self.asked.write("\n")
                self.asked.flush()
                said = self.said.readline()
                assert said, f"it ended before '{words}'"


@pytest.fixture
def storm(tmp_path: Path) -> Iterator[Stepped]:
    with subprocess.Popen(
        [sys.executable, "-u", "-c", PROGRAM, str(tmp_path / "verdiva")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as playing:
        assert playing.stdin is not None
        assert playing.stdout is not None
        try:
            address = playing.stdout.readline().split(" at ")[1].split()[0]
            yield Stepped(address, playing.stdout, playing.stdin)
        finally:
            playing.kill()


@pytest.mark.system(6)
def test_the_control_room_shows_the_storm_act_by_act_with_scripts_and_without(
    storm: Stepped, open_page: Open
) -> None:
    live, still = open_page(storm.address), open_page(storm.address, scripts=False)
    reports = "reports that Weir bioreactors is out"

    def sees(part: str, words: str) -> None:
        expect(live.page.locator(f"#{part}")).to_contain_text(words, timeout=SOON_MS)
        still.page.reload()
        expect(still.page.locator(f"#{part}")).to_contain_text(words)

    expect(live.page.locator(".alarm")).to_have_count(0)
    # Somebody tries what they may not do, and then it is done by who may.
    storm.goes_on_to("takes on", "takes on")
    sees("orders", "1 are taken")
    storm.goes_on_to(reports, reports)
    sees("state", "1 of 17 sites take nothing.")
    sees("disrupted", "The storm has flooded the pumps")
    sees("moment", "17 November 2025, 03:10")
    storm.goes_on_to("proposes the revision")
    sees("in-force", "A revision waits for a word")
    storm.goes_on_to("accepts the revision")
    sees("in-force", "It is a revision of")
    storm.goes_on_to("vetoes", "vetoes")
    sees("state", "2 of 17 sites take nothing.")
    sees("disrupted", "The street there is under water")
    live.page.set_viewport_size({"width": 360, "height": 780})
    assert live.page.evaluate("document.documentElement.scrollWidth") == 360
    found = Axe().run(live.page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    storm.goes_on_to("rounds-anew")
    sees("orders", "0 wait for a team, 0 are taken")
    storm.goes_on_to("alchemies")
    sees("codes", "In the storm nobody is left alone with what rots")
    storm.goes_on_to("return")
    sees("disrupted", "Nothing that was reported stands in the way of plans today.")
    sees("codes", "No Code is in force today.")
    expect(live.page.locator("#state .alarm")).to_have_count(0)
    assert live.complaints == []
