"""From the facts of a report to its blocks in one language."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from service.web.printing.reports import annex, found, opening, standards
from service.web.printing.reports.blocks import Paper
from service.web.printing.reports.writer import Writer


def paper(facts: Mapping[str, Any], language: str) -> Paper:
    """The report in the language that is spoken just now (`language` is its name)."""
    w = Writer(language)
    opening.basics(w, facts)
    opening.overall(w, facts)
    standards.execution(w, facts)
    found.evidence(w, facts)
    annex.exceptions(w, facts)
    annex.opinion(w, facts)
    annex.appendix(w, facts)
    return Paper(
        language=language,
        issuer=facts["parties"]["evaluator"],
        number=facts["report"]["number"] or gettext("(number of the document)"),
        title=gettext("Evaluation report: %(project)s", project=facts["project"]["name"]),
        subtitle=facts["round"]["name"],
        mark="" if facts["result"]["id"] else gettext("Draft: the result is not frozen"),
        day=w.day(facts["report"]["day"]),
        iso_day=facts["report"]["day"],
        blocks=w.blocks,
        closing=annex.closing(w, facts),
    )
