"""The desk's pages of calendars: which days of a year differ from its weekdays, as announced."""

from typing import Any

from flask import Response, url_for

from schemas.calendars import NewYearSchema
from service.domain.days import day_of
from service.domain.deadlines import Year
from service.domain.errors import Refused
from service.operations import calendars
from service.web.auth import actor, now, requires
from service.web.pages.desk.forms import Field, Form, ShownForm, save
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way

FIRST, AHEAD = 2000, 2
FORM = Form(
    NewYearSchema,
    (
        Field("source", N_("Announcement"), hint=N_("With its number and date.")),
        Field(
            "csv",
            N_("Days that differ"),
            "long",
            N_(
                "First the line date,day; then a line for each day: 2026-10-01,off for a weekday off, "
                "2026-10-10,work for a weekend that is worked."
            ),
            lines=14,
            also=("rows",),
        ),
    ),
)


@way("administration", N_("Calendars of working days"), "calendars.write", heading=N_("Rules"), order=40)
@blueprint.get("/calendars")
@requires("calendars.write")
def calendar_list() -> Response:
    """The years around today, and where what is known of each comes from."""
    today = day_of(now())
    years = [(year, calendars.of_year(actor(), year)) for year in range(today.year - 1, today.year + AHEAD + 1)]
    return page("calendars.html", years=years)


@blueprint.get("/calendars/<int:year>")
@requires("calendars.write")
def calendar(year: int) -> Response:
    """The days of a year, and the form for another announcement."""
    there = _known(year)
    text = "\n".join(["date,day", *(f"{day},{'work' if works else 'off'}" for day, works in _days(there).items())])
    return _calendar_page(year, FORM.shown_typed({"source": there.source if there else "", "csv": text}))


@blueprint.post("/calendars/<int:year>")
@requires("calendars.write")
def enter_calendar(year: int) -> Response:
    """Put the announced days in the place of what is known of this year."""
    _known(year)

    def act(values: dict[str, Any], version: int) -> Any:
        return calendars.enter(actor(), now(), year, values["csv"], values["source"])

    def again(shown: ShownForm, status: int) -> Response:
        return _calendar_page(year, shown, status)

    return save(FORM, act, to=lambda _: url_for("desk.calendar_list"), again=again)


def _known(year: int) -> Year | None:
    if not FIRST <= year < FIRST + 100:
        raise Refused("not_found", noun="year")
    return calendars.of_year(actor(), year)


def _days(there: Year | None) -> dict[str, bool]:
    return dict(sorted(there.days.items())) if there else {}


def _calendar_page(year: int, shown: ShownForm, status: int = 200) -> Response:
    return page("calendar.html", status, year=year, shown=shown, there=_known(year))
