"""The report of a round for who is signed in at the desk: the page itself, which prints, and the document."""

from flask import Response, request

from service.domain.procedure.reports import LANGUAGES
from service.operations.procedure import reports
from service.web.auth import actor, now, requires
from service.web.downloads import attachment
from service.web.languages import language
from service.web.pages.desk.home import blueprint
from service.web.printing.notices import MEDIA_TYPE
from service.web.printing.reports.look import POLICY


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
