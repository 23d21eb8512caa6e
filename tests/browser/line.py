"""A telephone line between a browser and the server, which a test cuts, mends and lets crackle."""

import contextlib
import socket
import threading
from typing import Literal

State = Literal["open", "cut", "answers lost"]


class Line:
    """Passes every connection on to a server, as long as it is not cut.

    The browser notices nothing but what it would notice of a bad network: no page of ours is told.
    """

    def __init__(self, port: int) -> None:
        self._server = ("127.0.0.1", port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._ends: set[socket.socket] = set()
        self._state: State = "open"
        # How many forms reached the server and had their answer lost.
        self.lost = 0
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def address(self) -> str:
        """What a browser opens."""
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def set(self, state: State) -> None:
        """Cut the line, mend it, or let forms through and no answer to them back."""
        self._state = state
        if state == "cut":
            for end in list(self._ends):
                _hang_up(end)

    def close(self) -> None:
        """Hang up for good."""
        self.set("cut")
        self._listening.close()

    def _listen(self) -> None:
        while True:
            try:
                browser, _ = self._listening.accept()
            except OSError:
                return
            if self._state == "cut":
                browser.close()
                continue
            server = socket.create_connection(self._server)
            self._ends |= {browser, server}
            told = threading.Event()
            for end, other, asks in ((browser, server, True), (server, browser, False)):
                threading.Thread(
                    target=self._pass_on, args=(end, other, told, asks), daemon=True
                ).start()

    def _pass_on(
        self, end: socket.socket, other: socket.socket, told: threading.Event, asks: bool
    ) -> None:
        try:
            while data := end.recv(65_536):
                if asks and self._state == "answers lost" and data.startswith(b"POST "):
                    told.set()
                if not asks and told.is_set():
                    self.lost += 1
                    break
                other.sendall(data)
        except OSError:
            pass
        for one in (end, other):
            _hang_up(one)
            self._ends.discard(one)


def _hang_up(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
