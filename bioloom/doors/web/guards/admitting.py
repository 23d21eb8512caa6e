"""Admitting: the guard before every handler. Whatever is not allowed here does not happen."""

from time import monotonic
from typing import Any

from litestar import Litestar, Request
from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute

from bioloom.doors.compose import now
from bioloom.doors.register.register import Register
from bioloom.doors.web.asking import NotThere
from bioloom.doors.web.guards.crossing import SAFE_METHODS, Address, CrossSite, HostUnknown
from bioloom.doors.web.guards.needs import NEEDS
from bioloom.doors.web.guards.slowing import Pace
from bioloom.doors.web.visiting import (
    NOBODY,
    SEAL_FIELD,
    SEAL_HEADER,
    VISITOR,
    Visitor,
    is_sealed,
    seal_for,
)
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

# With this prefix a browser takes a cookie only over TLS, for one host, from that host itself.
_BEARER = "Bearer "
_FOR_PROGRAMS = ("/api/", "/health", "/metrics", "/schema", "/stream")
_OVER_TLS, _ON_THIS_MACHINE = "__Host-bioloom", "bioloom"


class SignInNeeded(Refusal):
    """Only for people who are signed in."""

    def __init__(self) -> None:
        super().__init__(
            what="Nobody is signed in here, or no longer.",
            why="This is done in somebody's name, or shows what is theirs alone.",
            remedy="Sign in, and try again; a program sends `Authorization: Bearer` and its token.",
        )


class TokenUnknown(Refusal):
    """A token that is none, or counts no longer."""

    def __init__(self) -> None:
        super().__init__(
            what="This token is not known here, was revoked, or has expired.",
            why="A program acts for whoever made its token, as long as they let it.",
            remedy="Make another one on your account's page.",
        )


class TokenMisplaced(Refusal):
    """A token that was shown to a page."""

    def __init__(self) -> None:
        super().__init__(
            what="A page takes no token.",
            why="Pages are for people; a program with a token asks under /api.",
            remedy="See /schema for what a program can ask.",
        )


class SealMissing(Refusal):
    """A form without the seal of its session."""

    def __init__(self) -> None:
        super().__init__(
            what="This form is from before you signed in, or from somewhere else.",
            why="Another site must not act in your name.",
            remedy="Open the page again, and send the form from it.",
        )


class Gate:
    """The guard of one app: finds out who asks, and lets through what `NEEDS` allows."""

    def __init__(self, register: Register, address: Address) -> None:
        """Stand before an app.

        Args:
            register: Who knows which secret is whose.
            address: Where people reach the app.
        """
        self._register, self.address = register, address
        self._pace = Pace()

    @property
    def cookie(self) -> str:
        """The name of the cookie that has a session's secret."""
        return _OVER_TLS if self.address.is_secure else _ON_THIS_MACHINE

    async def __call__(
        self, connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
    ) -> None:
        """Let a request through, or refuse it.

        Raises:
            HostUnknown: If it was meant for another server.
            NotThere: If nothing says who may ask for it.
            CrossSite: If another site's page sent it.
            SealMissing: If it would write in a session's name, without that session's seal.
            TokenUnknown: If it shows a token that does not count.
            TokenMisplaced: If it shows one to a page.
            SignInNeeded: If it is for people who are signed in.
            TooManyTries: If somebody seems to guess.
        """
        assert isinstance(connection, Request)
        host = connection.headers.get("host", "")
        if not self.address.is_ours(host):
            raise HostUnknown(host=host)
        if connection.method == "OPTIONS":
            return
        need = NEEDS.get(f"{connection.method} {connection.scope['path_template']}")
        if need is None:
            raise NotThere(word="page", name=connection.url.path)
        if need == "anyone, slowly":
            self._pace.try_at(self._whence(connection), monotonic())
        visitor = await sync_to_thread(self._recognise, connection)
        connection.scope["state"][VISITOR] = visitor
        if connection.method not in SAFE_METHODS:
            await self._check_writing(connection, visitor, host)
        if need == "session" and visitor.how != "session":
            raise SignInNeeded
        if need == "signed in" and visitor.agent is None:
            raise SignInNeeded

    def _recognise(self, request: Request[Any, Any, Any]) -> Visitor:
        shown, at = request.headers.get("authorization"), now()
        if shown is not None:
            return self._as_token(shown, at, request.scope["path_template"])
        secret = request.cookies.get(self.cookie)
        session = self._register.sessions.session_of(secret, at=at) if secret else None
        if secret is None or session is None:
            return NOBODY
        return Visitor(
            agent=session.agent, how="session", session=session.id, seal=seal_for(secret)
        )

    def _as_token(self, shown: str, at: Instant, path: str) -> Visitor:
        token = None
        if shown.startswith(_BEARER):
            token = self._register.tokens.token_of(shown.removeprefix(_BEARER).strip(), at=at)
        if token is None:
            raise TokenUnknown
        if not path.startswith(_FOR_PROGRAMS):
            raise TokenMisplaced
        return Visitor(agent=token.agent, how="token", token=token)

    def _whence(self, request: Request[Any, Any, Any]) -> str:
        """Where a request comes from; what a web server of ours in front says of it counts."""
        passed_on = request.headers.get("x-forwarded-for") if self.address.origin else None
        if passed_on is not None:
            # It adds whom it heard; what stands before that anybody can have written.
            return passed_on.rsplit(",", 1)[-1].strip()
        return "" if request.client is None else request.client.host

    async def _check_writing(
        self, request: Request[Any, Any, Any], visitor: Visitor, host: str
    ) -> None:
        if visitor.how == "token":
            # No browser adds a token by itself.
            return
        headers = request.headers
        if not self.address.is_same_origin(
            host=host, origin=headers.get("origin"), fetched_from=headers.get("sec-fetch-site")
        ):
            raise CrossSite
        if visitor.how == "session":
            seal = headers.get(SEAL_HEADER)
            if seal is None:
                seal = str((await request.form()).get(SEAL_FIELD, ""))
            if not is_sealed(request.cookies[self.cookie], seal):
                raise SealMissing


def without_a_need(app: Litestar) -> list[str]:
    """The addresses of an app that `NEEDS` does not know; a test and `make_app` want none."""
    return sorted(
        f"{method} {route.path_format}"
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for method in route.methods
        if method != "OPTIONS" and f"{method} {route.path_format}" not in NEEDS
    )
