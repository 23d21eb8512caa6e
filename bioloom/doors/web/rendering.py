"""Rendering: a template and what it shows become a page in the reader's language."""

from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import MediaType, Request, Response
from litestar.di import NamedDependency

from bioloom.doors.web.assets import Assets
from bioloom.doors.web.desk import Desk, Standing
from bioloom.doors.web.guards.crossing import Address
from bioloom.doors.web.speaking import Language, choose, speak, spoken
from bioloom.doors.web.visiting import SEAL_FIELD, visitor_of
from bioloom.vocabulary.refusal import Refusal
from bioloom.vocabulary.stamps import MEANINGS, STAMPS

AnyRequest = Request[Any, Any, Any]


class Renderer:
    """Makes pages. Everything put into a template is escaped, whatever a file called it."""

    def __init__(self, desk: Desk, assets: Assets, address: Address) -> None:
        self.desk, self.assets, self._address = desk, assets, address
        self._templates = Environment(
            loader=PackageLoader("bioloom.doors.web", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["segment"] = segment

    def origin(self, request: AnyRequest) -> str:
        """Where people reach this server, as told to `bioloom serve --url`; else as asked for."""
        return self._address.origin or str(request.base_url).rstrip("/")

    def language(self, request: AnyRequest) -> Language:
        """The language of an answer: the address's, else the browser's, else the city's own."""
        return choose(
            request.query_params.get("lang"),
            request.headers.get("accept-language", ""),
            self.desk.city.settings.languages,
        )

    def page(
        self,
        request: AnyRequest,
        template: str,
        standing: Standing,
        *,
        status: int = 200,
        **shown: object,
    ) -> Response[str]:
        """A whole page."""
        language = self.language(request)
        text = self._templates.get_template(f"{template}.html").render(
            **self._frame(request, language),
            **shown,
            standing=standing,
            declared=standing.declared,
            generated=standing.generated,
        )
        headers = {"content-language": language.code, "vary": "Accept-Language, Cookie"}
        return Response(text, media_type=MediaType.HTML, status_code=status, headers=headers)

    def bare(self, refused: Refusal) -> str:
        """A page that needs neither the record nor a language."""
        style = self.assets.url("style.css")
        return self._templates.get_template("bare.html").render(refused=refused, style=style)

    def _frame(self, request: AnyRequest, language: Language) -> dict[str, object]:
        settings = self.desk.city.settings
        asked = request.query_params.get("lang")

        def href(path: str, **query: object) -> str:
            # A language that was chosen stays chosen from page to page.
            kept = {"lang": language.code} if asked else {}
            return address(path, **query, **kept)

        def in_language(code: str) -> str:
            query = [(k, v) for k, v in request.query_params.multi_items() if k != "lang"]
            return f"{_path(request)}?{urlencode([*query, ('lang', code)])}"

        return {
            "language": language,
            "say": language.say,
            "tonnes": language.tonnes,
            "amount": language.amount,
            "as_reported": language.as_reported,
            "zone": settings.timezone,
            "percent": language.percent,
            "languages": [code for code in settings.languages if code in spoken()],
            "language_name": lambda code: speak(code).say("language.name"),
            "city": settings.name,
            "folder": self.desk.city.folder.name,
            "path": request.url.path,
            "page_path": _path(request),
            "asked_language": language.code if asked else None,
            "href": href,
            "in_language": in_language,
            "asset": self.assets.url,
            "has_asset": self.assets.has,
            "visitor": visitor_of(request),
            "seal_field": SEAL_FIELD,
            "all_stamps": STAMPS,
            "meanings": MEANINGS,
        }


# What a handler asks for to make its page.
Pages = NamedDependency[Renderer]


def _path(request: AnyRequest) -> str:
    """The path as it was asked for: an id may hold what the framework would tidy away."""
    return request.scope["raw_path"].split(b"?", 1)[0].decode("ascii", errors="replace")


def segment(name: str) -> str:
    """An id as the last part of an address.

    >>> segment("a/b c")
    'a%2Fb%20c'
    """
    return quote(name, safe=":")


def address(path: str, **query: object) -> str:
    """An address with those parts of a query that are not empty; `first` is written `from`.

    >>> address("/plan", first="2022-11-01", last="", without=["a", "b"])
    '/plan?from=2022-11-01&without=a&without=b'
    """
    names = {"first": "from", "last": "to"}
    pairs = {names.get(name, name): value for name, value in query.items() if value}
    return f"{path}?{urlencode(pairs, doseq=True)}" if pairs else path
