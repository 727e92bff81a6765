"""The desk's page of what was found of an agency once a period: kept in one round, referred to by the others."""

from dataclasses import replace
from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _

from schemas.procedure.agency_assessments import AgencyAssessmentSchema, ReferencesFormSchema
from service.domain import access
from service.domain.errors import Refused
from service.domain.evaluate.rounds import ENTERING, Round
from service.domain.procedure.agency_assessments import agency_nodes
from service.operations import projects
from service.operations.evaluate import rounds, schemes
from service.operations.procedure import agency_assessments
from service.web.auth import actor, now, requires
from service.web.pages.desk.forms import Field, Form
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.procedure.act_pages import act_page, round_steps
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import local

KEEP = Form(
    AgencyAssessmentSchema,
    (
        Field("id", "", "new_id"),
        Field("node", N_("Indicator"), "choice"),
        Field("period_from", N_("Holds from"), "date"),
        Field("period_to", N_("Holds to"), "date"),
        Field("note", N_("Note"), "long", lines=3),
    ),
)
REFER = Form(
    ReferencesFormSchema,
    (
        Field(
            "references",
            N_("References"),
            "rows",
            N_("What this round's own group has judged stays out as long as a reference stands for it."),
            rows=(
                Field("node", N_("Indicator"), "choice"),
                Field("assessment", N_("Assessment that stands for it"), "choice"),
            ),
            spare=3,
        ),
    ),
)


@blueprint.get("/rounds/<id>/agency-assessments", endpoint="agency_assessments")
@requires("agency_assessments.read")
@way(
    "round",
    N_("Assessments of the agency"),
    "agency_assessments.read",
    heading=N_("Evidence"),
    order=28,
    endpoint="agency_assessments",
)
def list_agency_assessments(id: str) -> Response:
    """What was found of this provider, and which of it stands for indicators of this round."""
    round = rounds.get(actor(), id, "agency_assessments.read")
    project = projects.project(actor(), round.project)
    writes = access.may(actor(), "agency_assessments.write", project.parties) and round.state in ENTERING
    return page(
        "procedure/agency_assessments.html",
        round=round,
        path=round_steps(round),
        found=agency_assessments.of_provider(actor(), project.provider),
        labels=_labels(round),
        keeps=writes,
        refers=writes,
    )


def _labels(round: Round) -> dict[str, str]:
    return {node.id: local(node.label) for node in schemes.parsed(round.scheme).nodes}


def _nodes(round: Round) -> list[tuple[str, str]]:
    return [(node.id, local(node.label)) for node in agency_nodes(schemes.parsed(round.scheme))]


def _act(round: Round, form: Form, words: tuple[str, str], act: Any, **more: Any) -> Response:
    back = url_for("desk.agency_assessments", id=round.id)
    path = [*round_steps(round), (_("Assessments of the agency"), back)]
    return act_page(form, words, path, act, lambda _made: back, **more)


@blueprint.route("/rounds/<id>/agency-assessments/new", methods=["GET", "POST"])
@requires("agency_assessments.write")
def assess_agency(id: str) -> Response:
    """Keep what this round's group has judged of the agency."""
    round = rounds.get(actor(), id, "agency_assessments.write")
    return _act(
        round,
        KEEP.having({"node": _nodes(round)}),
        (_("Keep what was found of the agency"), _("Keep it")),
        lambda values, _version: agency_assessments.record(actor(), now(), round_id=id, **values),
        lead=_("All scores of the indicator must be in. The rounds of the provider's other projects may refer to it."),
    )


@blueprint.route("/rounds/<id>/agency-references", methods=["GET", "POST"])
@requires("rounds.write")
def refer_to_assessments(id: str) -> Response:
    """Let assessments of the agency stand for indicators of this round."""
    round = rounds.get(actor(), id, "rounds.write")
    project = projects.project(actor(), round.project)
    labels = _labels(round)
    known = [
        (one.id, f"{labels.get(one.node, one.node)}: {one.score} ({one.period_from} – {one.period_to})")
        for one in agency_assessments.of_provider(actor(), project.provider)
    ]

    def refer(values: dict[str, Any], version: int) -> Any:
        wanted = {row["node"]: row["assessment"] for row in values["references"]}
        try:
            return agency_assessments.refer(actor(), now(), id, wanted, version)
        except Refused as refused:  # with what was chosen, as the page calls it
            told = dict(known)
            faults = [
                replace(one, params={**one.params, "value": told.get(one.params.get("value", ""), "–")})
                for one in refused.faults
            ]
            raise Refused(refused.reason, faults, **refused.params) from None

    rows = [{"node": node, "assessment": one} for node, one in round.references.items()]
    return _act(
        round,
        REFER.having({"references.node": _nodes(round), "references.assessment": known}),
        (_("Refer to assessments"), _("Save")),
        refer,
        values={"references": rows},
        version=round.version,
    )
