"""A real server with the sample city, and a real browser that watches what a page does."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Response, sync_playwright

from bioloom.doors.compose import found_city
from tests.doors.monthly_city import fill_with_months

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    # Without a graphics card the moving map is drawn by software.
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PROGRAM = "import sys; from bioloom.doors.web.serving import serve; serve(sys.argv[1], port=0)"


@dataclass
class Watched:
    """A page, and all that it asked for and complained of."""

    page: Page
    complaints: list[str]
    answers: list[Response]

    def hear_line(self, line: ConsoleMessage) -> None:
        # The software that stands in for a graphics card talks of its own speed.
        if line.type in ("error", "warning") and "GL Driver Message" not in line.text:
            self.complaints.append(line.text)

    def hear_error(self, error: Error) -> None:
        self.complaints.append(str(error))

    def see_answer(self, answer: Response) -> None:
        self.answers.append(answer)

    def script_bytes(self) -> int:
        """Bytes of scripts as they were written, before any compression."""
        scripts = [a for a in self.answers if a.request.resource_type == "script"]
        return sum(len(answer.body()) for answer in scripts)


Open = Callable[..., Watched]


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the sample city is served."""
    folder = tmp_path_factory.mktemp("cities") / "sample"
    with found_city(
        folder, name="Sample", languages=("en", "es"), stamp="generated", token="a-token"
    ) as city:
        fill_with_months(city)
    yield from served(folder)


@pytest.fixture(scope="session")
def empty_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a city without anything is served."""
    folder = tmp_path_factory.mktemp("cities") / "empty"
    found_city(folder, name="Empty", token="a-token").close()
    yield from served(folder)


def served(folder: Path) -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, "-u", "-c", PROGRAM, str(folder)], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().split(" at ")[1].split()[0].rstrip("/")
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Open]:
    """Opens pages in windows of their own, and closes them after the test."""
    contexts = []

    def open_page(
        path: str,
        *,
        width_px: int = 1280,
        colours: Literal["light", "dark"] = "light",
        scripts: bool = True,
    ) -> Watched:
        context = browser.new_context(
            viewport={"width": width_px, "height": 800},
            color_scheme=colours,
            java_script_enabled=scripts,
            locale="en-GB",
        )
        contexts.append(context)
        watched = Watched(page=context.new_page(), complaints=[], answers=[])
        watched.page.on("console", watched.hear_line)
        watched.page.on("pageerror", watched.hear_error)
        watched.page.on("response", watched.see_answer)
        watched.page.goto(path if path.startswith("http") else address + path)
        return watched

    yield open_page
    for context in contexts:
        context.close()
