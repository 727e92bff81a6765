"""The desk's pages of a round's reports: asked for, made in the background, read as a page or a document to sign."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext

from schemas.procedure.reports import PurchaserOpinionSchema, ReportSchema
from service.domain.errors import Refused
from service.domain.procedure.reports import BUILDING, LANGUAGES, PurchaserOpinion, Report
from service.operations import organisations
from service.operations.procedure import reports
from service.web.auth import actor, now, requires
from service.web.downloads import attachment
from service.web.extensions import settings
from service.web.languages import NAMES, language
from service.web.pages.desk.evaluate.one_round import OneRound, one_round, round_page, steps_to
from service.web.pages.desk.forms import N_, NOTHING, Field, Form, ShownForm, form_page, save
from service.web.pages.desk.home import blueprint
from service.web.pages.desk.ways import way
from service.web.printing.notices import MEDIA_TYPE
from service.web.printing.reports import making
from service.web.printing.reports.look import POLICY

REFRESH_SECONDS = 3
ASKED = Form(
    ReportSchema,
    (
        Field("id", "", "new_id"),
        Field("number", N_("Number of the document")),
        Field("languages", N_("Languages"), "choices"),
    ),
).having({"languages": [(one, NAMES[one]) for one in LANGUAGES]})
OPINION = Form(PurchaserOpinionSchema, (Field("text", N_("Opinion of the purchaser"), "long", lines=10),))


@blueprint.get("/rounds/<id>/reports", endpoint="reports")
@requires("reports.read")
@way("round", N_("Reports"), "reports.read", heading=N_("Outcome"), order=61, endpoint="reports")
def list_reports(id: str) -> Response:
    """The reports of a round, the last one first, and the purchaser's opinion in them."""
    found = one_round(id, "reports.read")
    try:
        made = reports.of_round(actor(), now(), id)
    except Refused as refused:
        if refused.reason != "forbidden":
            raise
        made = None  # not before the round is reported, for the provider not before the notice
    return round_page(
        "procedure/reports.html",
        found,
        reports=made,
        opinion=_opinion(id),
        people=organisations.colleagues(actor()),
    )


def _opinion(id: str) -> PurchaserOpinion | None:
    try:
        return reports.opinion(actor(), id)
    except Refused as refused:
        if refused.reason not in ("not_found", "forbidden"):
            raise
        return None


@blueprint.get("/rounds/<id>/reports/new", endpoint="new_report")
@requires("reports.write")
def new_report(id: str) -> Response:
    """What the report is asked for with."""
    return _asking_page(one_round(id, "reports.write"), ASKED.shown({"languages": list(LANGUAGES)}))


@blueprint.post("/rounds/<id>/reports/new")
@requires("reports.write")
def ask_report(id: str) -> Response:
    """Begin it; its page tells how far it is, and can be left."""
    found = one_round(id, "reports.write")

    def act(values: dict[str, Any], version: int) -> Report:
        plain = {**values, "languages": tuple(values["languages"])}
        asked = Report(**plain, round=id, asked_at=now(), asked_by=actor().id)
        return making.begin(actor(), asked, settings().font)

    return save(
        ASKED,
        act,
        to=lambda made: url_for("desk.report", id=id, report=made.id),
        again=lambda shown, status: _asking_page(found, shown, status),
        done=N_("The report is being made."),
    )


def _asking_page(found: OneRound, shown: ShownForm, status: int = 200) -> Response:
    lead = gettext("It is made in the background. Before the result is frozen it is a draft, for the evaluator alone.")
    return form_page(gettext("Ask for a report"), shown, gettext("Make it"), _steps(found), status, lead=lead)


@blueprint.get("/rounds/<id>/reports/<report>", endpoint="report")
@requires("reports.read")
def show_report(id: str, report: str) -> Response:
    """How far the making is: while it goes on, the page asks again by itself. Then its files."""
    found = one_round(id, "reports.read")
    there = reports.one(actor(), now(), id, report)
    files = [(*name.split(":"), file) for name, file in sorted(there.files.items())]
    response = round_page("procedure/report.html", found, report=there, files=files, seconds=REFRESH_SECONDS)
    if there.state == BUILDING:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


@blueprint.post("/rounds/<id>/reports/<report>/again", endpoint="report_again")
@requires("reports.write")
def make_again(id: str, report: str) -> Response:
    """Begin again what has failed."""
    found = one_round(id, "reports.write")
    there = reports.one(actor(), now(), id, report)

    def act(values: dict[str, Any], version: int) -> Report:
        asked = Report(there.id, id, now(), actor().id, number=there.number, languages=there.languages)
        return making.begin(actor(), asked, settings().font)

    return save(
        NOTHING,
        act,
        to=lambda made: url_for("desk.report", id=id, report=report),
        again=lambda shown, status: _asking_page(found, ASKED.shown(there, told=shown.told), status),
    )


# --- The purchaser's opinion


@blueprint.get("/rounds/<id>/purchaser-opinion", endpoint="purchaser_opinion")
@requires("reports.comment")
def show_opinion(id: str) -> Response:
    """What the purchaser thinks of the provider's work; the report holds it."""
    found = one_round(id, "reports.comment")
    there = _opinion(id)
    return _opinion_page(found, OPINION.shown(there) if there else OPINION.shown())


@blueprint.post("/rounds/<id>/purchaser-opinion")
@requires("reports.comment")
def give_opinion(id: str) -> Response:
    """Say it, or say it anew."""
    found = one_round(id, "reports.comment")

    def act(values: dict[str, Any], version: int) -> PurchaserOpinion:
        return reports.comment(actor(), now(), PurchaserOpinion(id, values["text"], now(), actor().id), version)

    def current() -> tuple[PurchaserOpinion, int]:
        there = reports.opinion(actor(), id)
        return there, there.version

    return save(
        OPINION,
        act,
        to=lambda made: url_for("desk.reports", id=id),
        again=lambda shown, status: _opinion_page(found, shown, status),
        current=current,
    )


def _opinion_page(found: OneRound, shown: ShownForm, status: int = 200) -> Response:
    return form_page(gettext("Opinion of the purchaser"), shown, gettext("Save"), _steps(found), status)


def _steps(found: OneRound) -> list[tuple[str, str]]:
    return steps_to(found, (gettext("Reports"), url_for("desk.reports", id=found.round.id)))


# --- Its files


@blueprint.get("/rounds/<id>/reports/<report>/report.html", endpoint="report_page")
@requires("reports.read")
def report_page(id: str, report: str) -> Response:
    """A page that stands by itself: with its own style and pictures, and no script."""
    response = Response(_file(id, report, "html"), mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    return response


@blueprint.get("/rounds/<id>/reports/<report>/report.docx", endpoint="report_document")
@requires("reports.read")
def report_document(id: str, report: str) -> Response:
    """The same as a document to sign."""
    return attachment("report.docx", _file(id, report, "docx"), MEDIA_TYPE)


def _file(id: str, report: str, form: str) -> bytes:
    """In the language asked for, else the reader's, out of those in which the report was made."""
    asked = request.args.get("lang", "")
    made = reports.one(actor(), now(), id, report).languages
    spoken = asked if asked in LANGUAGES else language(made)
    return reports.file(actor(), now(), id, report, form, spoken)
