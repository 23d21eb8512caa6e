"""Crossing: a request must be meant for this server, and a form must come from a page of its own.

Nothing that a request says of itself is believed: where people reach this server is told to
`bioloom serve --url`, or it is this machine.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

import msgspec

from bioloom.vocabulary.refusal import Refusal

SAFE_METHODS = frozenset(["GET", "HEAD", "OPTIONS"])


class HostUnknown(Refusal):
    """A request for a name that is not this server's."""

    def __init__(self, *, host: str) -> None:
        self.host = host
        super().__init__(
            what=f"Nothing is served here under the name '{host[:100]}'.",
            why="A stranger's page could otherwise pass itself off as this one (DNS rebinding).",
            remedy="Use the address that `bioloom serve` printed, or name yours: "
            "`bioloom serve DIR --url https://your.name`.",
        )


class CrossSite(Refusal):
    """A form that another site's page sent."""

    def __init__(self) -> None:
        super().__init__(
            what="This form was sent by another site's page.",
            why="Another site must not act in your name.",
            remedy="Open the page here, and send the form from it.",
        )


class UrlUnusable(Refusal):
    """A text that is no address of a server."""

    def __init__(self, *, url: str) -> None:
        self.url = url
        super().__init__(
            what=f"'{url[:100]}' is not the address of a server.",
            why="Links, cookies and passkeys are bound to it.",
            remedy="Write it like https://commons.example.org, without a path.",
        )


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """Where people reach this server; without an origin, on this machine or by its number."""

    origin: str | None = None

    @property
    def is_secure(self) -> bool:
        """Whether people reach it over TLS."""
        return self.origin is not None and self.origin.startswith("https://")

    def is_ours(self, host: str) -> bool:
        """Whether a `Host` header names this server.

        A name of somebody else's can be made to point here, but a number or `localhost` cannot.

        Example:
            >>> Address().is_ours("localhost:8000"), Address().is_ours("evil.example:8000")
            (True, False)
            >>> Address(origin="https://a.example").is_ours("a.example")
            True
        """
        if self.origin is not None and host.lower() == urlsplit(self.origin).netloc:
            return True
        name = _hostname(host)
        return name == "localhost" or _is_number(name)

    def can_hold_passkeys(self, host: str) -> bool:
        """Whether browsers let this server, asked for under a name of ours, hold passkeys.

        They bind one to a name, and only over TLS or on this machine.

        Example:
            >>> [Address().can_hold_passkeys(host) for host in ("localhost:80", "127.0.0.1:80")]
            [True, False]
        """
        return self.is_secure or _hostname(host) == "localhost"

    def origin_for(self, host: str) -> str:
        """The origin that a browser names when it was asked for a page under a host of ours."""
        return self.origin if self.origin is not None and self.is_secure else f"http://{host}"

    def hostname_for(self, host: str) -> str:
        """The name in that origin, without a port."""
        return urlsplit(self.origin_for(host)).hostname or ""

    def is_same_origin(self, *, host: str, origin: str | None, fetched_from: str | None) -> bool:
        """Whether a browser says that a page of this server sent a request.

        Args:
            host: The `Host` header.
            origin: The `Origin` header, which every browser adds to what a form sends.
            fetched_from: The `Sec-Fetch-Site` header, which no page can forge.
        """
        if fetched_from not in (None, "same-origin", "none"):
            return False
        if origin is None:
            # No browser leaves both out; a program that does has no cookie but its own.
            return True
        return origin in (self.origin, f"http://{host}", f"https://{host}")


def read_address(url: str | None) -> Address:
    """The address that people use, from what an operator typed.

    Raises:
        UrlUnusable: If it is not one.
    """
    if url is None:
        return Address()
    try:
        parts = urlsplit(url.rstrip("/"))
        named = parts.hostname and parts.scheme in ("http", "https")
        bare = not (parts.path or parts.query or parts.fragment or parts.username)
        _ = parts.port
    except ValueError as unreadable:
        raise UrlUnusable(url=url) from unreadable
    if not (named and bare):
        raise UrlUnusable(url=url)
    return Address(origin=f"{parts.scheme}://{parts.netloc.lower()}")


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_number(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
