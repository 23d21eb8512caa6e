"""A way to a server that is cut while a commit is on it, before it arrives or before its answer."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal

Cut = Literal["never", "before it arrives", "before its answer", "and nobody comes through again"]


class CuttingProxy:
    """Passes bytes on between clients and a server; cuts one connection at its next commit."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.cut: Cut = "never"
        self.is_closed_for_all = False
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take nobody in any longer."""
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):  # Closed.
            while True:
                client, _ = self._listening.accept()
                if self.is_closed_for_all:
                    client.close()
                    continue
                server = socket.create_connection(("127.0.0.1", self._server_port))
                threading.Thread(target=self._forward, args=(client, server), daemon=True).start()
                threading.Thread(target=_pass_on, args=(server, client), daemon=True).start()

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                if self.cut != "never" and b"COMMIT\0" in data:
                    how, self.cut = self.cut, "never"
                    if how != "before it arrives":
                        # The answer may not come through, and the server must not notice.
                        client.shutdown(socket.SHUT_RDWR)
                        server.sendall(data)
                    self.is_closed_for_all = how == "and nobody comes through again"
                    break
                server.sendall(data)
        for one in (client, server):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR if one is client else socket.SHUT_WR)
            one.close()


def _pass_on(server: socket.socket, client: socket.socket) -> None:
    with suppress(OSError):
        while data := server.recv(65536):
            client.sendall(data)


@contextmanager
def cutting(server_port: int) -> Iterator[CuttingProxy]:
    """A proxy in front of a server, until the end of `with`."""
    proxy = CuttingProxy(server_port)
    try:
        yield proxy
    finally:
        proxy.close()
