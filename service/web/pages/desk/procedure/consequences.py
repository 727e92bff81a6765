"""The desk's pages of what follows from a final result: the lead's decisions, bans, and tasks until they are done."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _

from schemas.procedure.consequences import ConsequenceDecisionSchema, LiftingSchema, VerifiedSchema
from service.domain import access
from service.domain.errors import Refused
from service.domain.evaluate.scheme_parts import REASONS
from service.domain.evaluate.schemes import Scheme
from service.domain.procedure.consequences import OUTCOMES, Continuation
from service.domain.projects import Project
from service.operations import organisations, projects
from service.operations.evaluate import rounds, schemes
from service.operations.procedure import bans, consequences
from service.operations.procedure.consequences import Decided, Following
from service.web.auth import actor, now, requires
from service.web.pages.desk.forms import Field, Form
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.procedure.act_pages import act_page, leads, project_steps, round_steps
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import local, word

DECIDE = Form(
    ConsequenceDecisionSchema,
    (
        Field("id", "", "new_id"),
        Field("outcome", N_("Decision"), "choice"),
        Field("reason", N_("Reason"), "long"),
        Field("document", N_("Number of the decision"), hint=N_("Needed for a ban.")),
        Field("grounds", N_("What the lead has found"), "choices"),
        Field("amount", N_("Sum in yuan"), "decimal", N_("Of a cut or a reward: a person decides on it.")),
        Field("starts_on", N_("First day"), "date", N_("Empty: as the scheme says.")),
        Field("ends_on", N_("Last day"), "date", N_("Empty: as the scheme says; needed for a chance to rectify.")),
    ),
)
LIFT = Form(
    LiftingSchema,
    (
        Field("on", N_("First day on which it holds no more"), "date"),
        Field("reason", N_("Reason"), "long"),
    ),
)
VERIFY = Form(
    VerifiedSchema,
    (
        Field("node", N_("Counter"), "choice"),
        Field("value", N_("New sum since the contract began, as verified"), "decimal"),
        Field("on", N_("Verified on"), "date"),
        Field("source", N_("What it was read from"), "long", lines=2),
    ),
)


@blueprint.get("/rounds/<id>/consequences", endpoint="consequences")
@requires("consequences.read")
@way("round", N_("Consequences"), "consequences.read", heading=N_("Outcome"), order=85, endpoint="consequences")
def list_consequences(id: str) -> Response:
    """Every consequence that the scheme knows, whether it follows, and what was decided."""
    round = rounds.get(actor(), id, "consequences.read")
    scheme = schemes.parsed(round.scheme)
    asked = _asked()
    try:
        found = consequences.of_round(actor(), id, *asked)
    except Refused as refused:
        if refused.reason != "result_not_final":
            raise
        found = []
    return page(
        "procedure/consequences.html",
        round=round,
        path=round_steps(round),
        found=found,
        grounds=asked[0],
        group=asked[1],
        groups=scheme.groups,
        reasons=REASONS,
        decides=leads(round),
        bans={one.id: one for one in consequences.bans(actor(), round.project)},
        people=organisations.colleagues(actor()),
    )


def _asked() -> tuple[list[str], str]:
    """What the lead has found, and the unit's group, as the address says; what nobody knows is left out."""
    return [one for one in request.args.getlist("grounds") if one in REASONS], request.args.get("group", "")[:80]


@blueprint.route("/rounds/<id>/consequences/<name>", methods=["GET", "POST"])
@requires("consequences.write")
def decide_consequence(id: str, name: str) -> Response:
    """The lead decides on one of them, with the reason."""
    round = rounds.get(actor(), id, "consequences.write")
    grounds, group = _asked()
    found = {one.consequence.id: one for one in consequences.of_round(actor(), id, grounds, group)}
    if name not in found:
        raise Refused("not_found", noun="consequence")
    form = DECIDE.having(
        {
            "outcome": [(one, word("decided", one)) for one in OUTCOMES],
            "grounds": [(one, word("ground", one)) for one in REASONS],
        },
        {"consequence": name, "group": group},
    )

    def decide(values: dict[str, Any], _version: int) -> Any:
        return consequences.decide(actor(), now(), id, Decided(**values | {"grounds": tuple(values["grounds"])}))

    back = url_for("desk.consequences", id=id)
    return act_page(
        form,
        (local(found[name].consequence.label), _("Decide")),
        [*round_steps(round), (_("Consequences"), back)],
        decide,
        lambda _made: back,
        values={"grounds": grounds},
        lead=_lead(found[name]),
        done=N_("Decided."),
    )


def _lead(one: Following) -> str:
    told = [word("duty", one.consequence.duty), word("follows", one.status)]
    if one.consequence.months:
        told.append(_("%(months)s months", months=one.consequence.months))
    return " · ".join([*told, *one.consequence.rules])


@blueprint.get("/projects/<id>/continuations")
@requires("consequences.read")
@way("project", N_("Bans, and tasks until they are done"), "consequences.read", heading=N_("What follows"), order=74)
def continuations(id: str) -> Response:
    """Tasks that go on until the targets are reached, and the bans that followed from this project."""
    project = projects.project(actor(), id, "consequences.read")
    found = consequences.continuations(actor(), id)
    schemes_of = {row.id: schemes.parsed(row.scheme) for row in rounds.listed(actor(), project=id)}
    return page(
        "procedure/continuations.html",
        project=project,
        found=found,
        labels={one.id: _labels(one, schemes_of.get(one.round)) for one in found},
        bans=consequences.bans(actor(), id),
        verifies=access.may(actor(), "continuations.write", project.parties),
        lifts=access.may(actor(), "consequences.write", project.parties),
    )


def _labels(one: Continuation, scheme: Scheme | None) -> dict[str, str]:
    nodes = {node.id: local(node.label) for node in scheme.nodes} if scheme else {}
    return {node: nodes.get(node, node) for node in one.targets}


@blueprint.route("/continuations/<id>/verified", methods=["GET", "POST"])
@requires("continuations.write")
def verify_continuation(id: str) -> Response:
    """Enter what a counter has come to since."""
    there = consequences.continuation(actor(), id, "continuations.write")
    project = projects.project(actor(), there.project)
    rows = [row for row in rounds.listed(actor(), project=project.id) if row.id == there.round]
    labels = _labels(there, schemes.parsed(rows[0].scheme) if rows else None)
    options = [
        (node, f"{labels[node]} ({there.reached.get(node, '0')} / {there.targets[node]})") for node in there.open_nodes
    ]
    return _act(
        project,
        VERIFY.having({"node": options}),
        (_("Enter what was verified"), _("Enter it")),
        lambda values, version: consequences.report(actor(), now(), id, **values, version=version),
        version=there.version,
        done=N_("Entered."),
    )


@blueprint.route("/bans/<id>/lifting", methods=["GET", "POST"])
@requires("consequences.write")
def lift_ban(id: str) -> Response:
    """Take a ban back from a day on."""
    there = bans.one(actor(), id, "consequences.write")
    return _act(
        projects.project(actor(), there.project),
        LIFT,
        (_("Lift the ban"), _("Lift it")),
        lambda values, version: consequences.lift(actor(), now(), id, values["on"], values["reason"], version),
        version=there.version,
        consequences=(_("From that day on its new projects are no longer refused. The ban stays on record."),),
        done=N_("Lifted."),
    )


def _act(project: Project, form: Form, words: tuple[str, str], act: Any, **more: Any) -> Response:
    back = url_for("desk.continuations", id=project.id)
    path = [*project_steps(project), (_("Bans, and tasks until they are done"), back)]
    return act_page(form, words, path, act, lambda _made: back, **more)


@blueprint.get("/organisations/<id>/bans")
@requires("organisations.read")
def bans_of_organisation(id: str) -> Response:
    """An organisation's bans, as far as the reader may know of them."""
    organisation, found = bans.of_organisation(actor(), id)
    return page("procedure/bans.html", organisation=organisation, found=found, today=now().date())
