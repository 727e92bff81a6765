"""A job as PDF or as a page. PDFs are set in a child process: thousands of slips would hold up everybody's requests."""

import json
import subprocess
import sys

from flask import Response, make_response, render_template

from service.domain.errors import Refused, invalid
from service.operations.collect import sheets
from service.operations.collect.sheets import Sheet
from service.web import qr
from service.web.extensions import settings
from service.web.printing import pdf, words
from service.web.printing.job import Job
from service.web.printing.symbols import Symbols

INVITATIONS = "invitations"
PDF, HTML = ".pdf", ".html"
MOST_ON_PAGES = 1200  # 50 pages of slips
PATIENCE = 55  # seconds; a worker of the server is given up after 60


def check(sheet: Sheet, form: str, languages: list[str], count: int) -> None:
    """Raises what `deliver` would, as far as it can be known before codes are made."""
    _refuse_many(form, count)
    job = words.job_of(sheet, form.partition(".")[0], languages, settings().base_url, settings().font)
    if form.endswith(PDF):
        pdf.check(job)
    if form.startswith(INVITATIONS):
        sheets.invitations(sheet)


def deliver(sheet: Sheet, form: str, languages: list[str]) -> Response:
    """The file or the page, `form` being one of schemas.collect.tickets.FORMS."""
    _refuse_many(form, len(sheet.codes))
    layout, base_url = form.partition(".")[0], settings().base_url
    job = words.job_of(sheet, layout, languages, base_url, settings().font)
    if layout == INVITATIONS:
        table = words.invitations(sheet, job.words[0].language, base_url)
        return _file(table.encode(), "text/csv; charset=utf-8", "invitations.csv")
    if form.endswith(PDF):
        return _file(set_in_type(job), "application/pdf", f"{layout}.pdf")
    symbols = Symbols(job.prefix, len(job.codes[0]))
    pages = [job.codes[at : at + pdf.PER_PAGE] for at in range(0, len(job.codes), pdf.PER_PAGE)]
    drawings = {code: qr.drawn(qr.with_quiet_zone(symbols.modules(code))) for code in job.codes}
    return make_response(render_template(f"print/{layout}.html", job=job, pages=pages, drawings=drawings))


def _refuse_many(form: str, count: int) -> None:
    """A page is made within the request, and no browser likes thousands of drawings."""
    if form.endswith(HTML) and count > MOST_ON_PAGES:
        raise invalid(
            "form",
            "pages for the browser hold {most_on_pages} codes at most; take the PDF for more",
            most_on_pages=MOST_ON_PAGES,
        )


def set_in_type(job: Job) -> bytes:
    """The PDF of a job, by a child process."""
    pdf.check(job)
    told = json.dumps(job.plain()).encode()
    command = [sys.executable, "-m", "service.web.printing"]
    try:
        done = subprocess.run(command, input=told, capture_output=True, timeout=PATIENCE, check=True)  # noqa: S603 - ours
    except (subprocess.SubprocessError, OSError):  # its command line and output are not repeated: the job holds codes
        raise Refused("busy") from None
    return done.stdout


def _file(content: bytes, kind: str, name: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
