"""The chart of what a project's spot checks found."""

from typing import Any

from flask_babel import gettext

from service.operations.inspect import results
from service.web.auth import actor
from service.web.charts import wording
from service.web.charts.shapes import Chart
from service.web.pages.desk.charts import chart


@chart("projects/<id>/charts/errors", "findings.read")
def project_errors(id: str) -> Chart | None:
    """Error rates of the planned draws, each with the most that its whole list may have."""
    rows = [
        (
            f"{one.frame.name} ({gettext('Draw %(number)s', number=one.draw.number)})",
            _percent(one.findings.rate),
            _percent(one.findings.limit_share),
            one.findings.errors,
            one.findings.n,
        )
        for one in results.of_project(actor(), id).draws
        if one.findings.n
    ]
    return wording.rates(gettext("Errors found by spot checks"), rows) if rows else None


def _percent(share: Any) -> float | None:
    return None if share is None else float(100 * share)
