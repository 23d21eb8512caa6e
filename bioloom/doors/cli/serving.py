"""`bioloom serve`: the city's page, on this machine."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter, validators

from bioloom.doors.web.serving import serve as serve_page


def serve(
    folder: Path,
    *,
    host: str = "127.0.0.1",
    port: Annotated[int, Parameter(validator=validators.Number(gte=0, lte=65535))] = 8000,
    url: str | None = None,
    open_: Annotated[bool, Parameter(name="--open", negative="")] = False,
) -> None:
    """Serve the city's page until Ctrl-C.

    Example: bioloom serve nyc --port 8000

    Parameters
    ----------
    folder
        The city's folder.
    host
        The address to listen on; only this machine can reach it unless given.
    port
        The port to listen on.
    url
        Where people reach it, such as https://commons.example.org, through a web server of yours.
    open_
        Open the page in a browser.
    """
    serve_page(folder, host=host, port=port, url=url, open_browser=open_)
