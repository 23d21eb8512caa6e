"""The app: routes, errors, headers and metrics put together around one open city."""

from importlib.metadata import version
from time import perf_counter

from litestar import Litestar, Router
from litestar.config.compression import CompressionConfig
from litestar.datastructures import MutableScopeHeaders, State
from litestar.di import Provide
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.middleware import ASGIMiddleware
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import YamlRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from bioloom.doors.capturing.jobs import Jobs
from bioloom.doors.compose import City
from bioloom.doors.register.opening import open_register
from bioloom.doors.web.asking import form_of
from bioloom.doors.web.assets import Assets, load_assets
from bioloom.doors.web.desk import Desk
from bioloom.doors.web.errors import Saying
from bioloom.doors.web.guards.admitting import Gate, without_a_need
from bioloom.doors.web.guards.crossing import Address
from bioloom.doors.web.metrics import Metrics
from bioloom.doors.web.rendering import Renderer
from bioloom.doors.web.routes import api, machines, plans, proofs, recipes, record, telling
from bioloom.doors.web.routes import city as pages
from bioloom.doors.web.routes.assembly.acting import ROUTES as ASSEMBLY_ROUTES
from bioloom.doors.web.routes.ballots import pages as ballots
from bioloom.doors.web.routes.codes.pages import codes_page
from bioloom.doors.web.routes.contracts import pages as contracts
from bioloom.doors.web.routes.control.pages import control_page
from bioloom.doors.web.routes.covenants import pages as covenants
from bioloom.doors.web.routes.dispatching import rounds, work
from bioloom.doors.web.routes.epcis import asking, capturing
from bioloom.doors.web.routes.fairness.pages import fairness_page
from bioloom.doors.web.routes.foreseeing import siting
from bioloom.doors.web.routes.foreseeing.cascade import cascade_page
from bioloom.doors.web.routes.hands import correcting, giving, handing_on, offline, scanning
from bioloom.doors.web.routes.hands.filling import hand_of
from bioloom.doors.web.routes.lots import finding, listing, passport
from bioloom.doors.web.routes.people import (
    account,
    errands,
    holding,
    inviting,
    passkeys,
    records,
    roles,
    signing_in,
)
from bioloom.doors.web.routes.pledges import pages as pledges
from bioloom.doors.web.routes.stream import NEWS, News, stream
from bioloom.doors.web.visiting import NOBODY, VISITOR, visitor_of
from bioloom.vocabulary.refusal import Refusal

_METHODS = frozenset(["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"])
_STARTED = "bioloom_started_s"
HEADERS = {
    # Only our own origin, and no script in a page. MapLibre's worker is a file of our own.
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "connect-src 'self'; worker-src 'self'; manifest-src 'self'; font-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": (
        "camera=(), geolocation=(), microphone=(), "
        "publickey-credentials-create=(self), publickey-credentials-get=(self)"
    ),
}
# Static files are compressed beforehand; a stream must not be held back to be compressed.
_COMPRESSION = CompressionConfig(
    backend="gzip", minimum_size=1000, gzip_compress_level=6, exclude=["/static/", "/stream"]
)


# What a handler may ask for of its request.
_BY_REQUEST = {
    "form": Provide(form_of),
    "answer": Provide(passkeys.answer_of),
    "maps": Provide(siting.maps_of),
    "errand": Provide(errands.errand_of, sync_to_thread=False),
    "visitor": Provide(visitor_of, sync_to_thread=False),
}


def make_app(
    city: City, *, assets: Assets | None = None, address: Address | None = None
) -> Litestar:
    """The web app of an open city; the caller closes the city.

    Args:
        city: The city to show.
        assets: Styles and scripts; those that came with the package unless others are given.
        address: Where people reach it; on this machine unless told otherwise.
    """
    assets = assets or load_assets()
    metrics = Metrics()
    register = open_register(city)
    address = address or Address()
    gate = Gate(register, address)
    renderer = Renderer(Desk(city, solved=metrics.plans.observe), assets, address)
    saying = Saying(renderer)
    news, jobs = News(city.journal), Jobs(city)
    things = {
        "renderer": renderer,
        "metrics": metrics,
        "assets": assets,
        "register": register,
        "gate": gate,
    }
    app = Litestar(
        route_handlers=[_everything()],
        guards=[gate],
        dependencies=_BY_REQUEST | {name: _always(thing) for name, thing in things.items()},
        on_shutdown=[news.close, jobs.close, register.close],
        state=State({NEWS: news, capturing.JOBS: jobs}),
        exception_handlers={
            Refusal: saying.refusal,
            HTTPException: saying.http,
            Exception: saying.bug,
        },
        middleware=[_Starting()],
        before_send=[_Sending(metrics)],
        compression_config=_COMPRESSION,
        openapi_config=_description(renderer),
        # Errors are told by `Saying`, which logs only what is our own mistake.
        logging_config=None,
        debug=False,
    )
    missing = without_a_need(app)
    assert not missing, f"guards/needs.py does not say who may ask for {', '.join(missing)}"
    return app


def _always(thing: object) -> Provide:
    return Provide(lambda: thing, sync_to_thread=False)


def _everything() -> Router:
    """Everything that is answered.

    Litestar 2.25 wraps a handler once more for each that joins its address later; a router's join
    before it is registered.
    """
    return Router(
        path="/",
        dependencies={"hand": Provide(hand_of, sync_to_thread=True)},
        route_handlers=[
            *(pages.today, pages.now_part, pages.waiting_page, pages.plan_page),
            *(pages.district_page, pages.site_page, control_page, *plans.ROUTES),
            *(listing.lots_page, passport.lot_page, passport.passport_of, passport.provenance_of),
            *(finding.find_page, finding.ask_page, finding.ask),
            *(covenants.covenants_page, covenants.covenant_page, covenants.refused_page),
            *(pledges.pledges_page, pledges.pledge_page, pledges.join, pledges.leave),
            *(record.record_page, record.entry_page, fairness_page, cascade_page, codes_page),
            *(contracts.contracts_page, contracts.contract_page, *ASSEMBLY_ROUTES, *ballots.PAGES),
            *(*recipes.PAGES, *rounds.PAGES, *work.PAGES, *siting.PAGES),
            *(proofs.head, proofs.head_note, proofs.proof_of, telling.tell),
            *(api.plan, api.balance_of, api.districts, api.sites, api.lots_of, api.lot_of),
            *(capturing.capture_document, capturing.capture_jobs, capturing.capture_job),
            *(asking.events, asking.event_named, *asking.VOCABULARIES),
            *(giving.give_page, giving.give),
            *(scanning.scan_page, scanning.label_page, scanning.typed_label, scanning.labels_page),
            *(handing_on.hand_on_page, handing_on.hand_on),
            *(handing_on.take_in_page, handing_on.take_in),
            *(correcting.correct_page, correcting.correct),
            *(correcting.take_back_page, correcting.take_back),
            *(offline.manifest, offline.worker, offline.queue_page),
            *(signing_in.visit, signing_in.sign_in_page, signing_in.link_page),
            *(signing_in.redeem_link, signing_in.redeem_code, signing_in.sign_out),
            *(passkeys.question_for_anybody, passkeys.sign_in_by_passkey),
            *(passkeys.question_for_oneself, passkeys.add_passkey, passkeys.remove_passkey),
            *(account.account_page, account.accept, account.end_sessions, account.make_codes),
            *(account.make_token, account.revoke_token, account.forget_page, account.forget),
            *(records.records_page, holding.my_lots_page, holding.own_account_page),
            *(holding.own_account_json, holding.own_account_csv),
            *(inviting.invite_page, inviting.make_invitation, inviting.take_back),
            *(inviting.invitation_page, inviting.accept),
            *(roles.people_page, roles.give_role, roles.take_role, roles.make_link),
            stream,
            *(machines.health, machines.metrics_text, machines.static, machines.favicon),
        ],
    )


def _description(renderer: Renderer) -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Bioloom",
        version=version("bioloom"),
        description="A city's material commons: its record, its balance and its plans.",
        path="/schema",
        components=Components(
            security_schemes={"token": SecurityScheme(type="http", scheme="bearer")}
        ),
        # What anybody may ask for, a token's owner is told with what is theirs.
        security=[{}, *api.BY_TOKEN],
        render_plugins=[machines.PlainPage(renderer), YamlRenderPlugin()],
        use_handler_docstrings=True,
    )


class _Starting(ASGIMiddleware):
    """Notes when a request came; addresses without a page never get here."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Let the request through."""
        scope["state"][_STARTED] = perf_counter()
        await next_app(scope, receive, send)


class _Sending:
    """Puts the headers on every answer, errors among them, and counts it."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    async def __call__(self, message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start" or scope["type"] != ScopeType.HTTP:
            return
        headers = MutableScopeHeaders(message)
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        # What the record says may have changed by the next time; and what one reader may see is
        # not for the next one, whom a shared cache could give it to.
        is_theirs = scope["state"].get(VISITOR, NOBODY).agent is not None
        headers.setdefault("cache-control", "private, no-cache" if is_theirs else "no-cache")
        # Templates and known methods, so that no caller can multiply the series.
        route = scope.get("path_template") or "none"
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.requests.labels(method, route, str(message["status"])).inc()
        if _STARTED in scope["state"]:
            seconds = perf_counter() - scope["state"][_STARTED]
            self._metrics.latency.labels(route).observe(seconds)
