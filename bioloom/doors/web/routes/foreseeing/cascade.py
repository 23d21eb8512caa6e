"""The page of cascades: a site fails, and what piles up where by the hour."""

from litestar import Response, get
from litestar.datastructures import MultiDict

from bioloom.circuits.cascading.courses import Down
from bioloom.circuits.posing import SiteUnknown
from bioloom.doors.foreseeing.asking import Storm
from bioloom.doors.web.asking import Wish, read_choice, read_date, read_wish
from bioloom.doors.web.rendering import AnyRequest, Pages
from bioloom.doors.web.views.balance import planned_stamp
from bioloom.doors.web.views.foreseeing.cascade import view_cascade
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.places import SiteId
from bioloom.vocabulary.quantities import MG_PER_TONNE

HOURS, TOLERANCES_PER_MILLE = (6, 12, 24, 48), (0, 100, 200, 500)
_TRIED = 6


@get("/cascade", include_in_schema=False, sync_to_thread=True)
def cascade_page(request: AnyRequest, renderer: Pages) -> Response[str]:
    """A form, and once it is sent, what becomes of the city; nothing is written."""
    desk, query = renderer.desk, request.query_params
    standing = desk.standing()
    can = bool(standing.declared.sites and standing.months)
    asked = read_storm(query, standing.declared) if can and "hours" in query else None
    found = None if asked is None else desk.cascade(standing, asked)
    return renderer.page(
        request,
        "foreseeing/cascade",
        standing,
        can=can,
        asked=asked or Storm(),
        site=query.get("site", ""),
        found=found,
        view=None if found is None else view_cascade(found),
        hours=HOURS,
        tolerances=TOLERANCES_PER_MILLE,
        planned=planned_stamp(standing.declared),
        wish=Wish(),
    )


def read_storm(query: "MultiDict[str]", declared: Declared) -> Storm:
    """What an address asks of a city in which a site fails.

    Raises:
        SiteUnknown: If the site is not declared.
        ChoiceUnknown: If hours or tolerance are none that the page offers.
        DateUnreadable, PeriodHalf, PeriodBackwards, PeriodTooLong: If days cannot be read.
    """
    site, day = str(query.get("site", "")), str(query.get("day", ""))
    if site and site not in declared.sites:
        raise SiteUnknown(site=site, known=declared.sites)
    return Storm(
        period=read_wish(query.get("from"), query.get("to"), []).period,
        day=read_date("day", day) if day else None,
        down=(Down(site=SiteId(site)),) if site else (),
        hours=read_choice("hours", query.get("hours", ""), HOURS),
        tolerance_per_mille=read_choice(
            "tolerance", query.get("tolerance", "200"), TOLERANCES_PER_MILLE
        ),
        more_mg_per_day=MG_PER_TONNE,
        most_tried=_TRIED,
    )
