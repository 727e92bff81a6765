"""The desk's pages of changes of a round's scheme: proposed with a reason, decided by the authority, served again."""

from typing import Any

from flask import Response, url_for
from flask_babel import gettext

from schemas.procedure.round_schemes import SchemeChangeSchema, SchemeDecisionSchema, SchemeServiceSchema
from service.domain.errors import Refused
from service.domain.inspect.notices import CHANNELS
from service.domain.procedure.round_schemes import APPROVED, PROPOSED, RoundSchemeChange
from service.operations import organisations
from service.operations.procedure import round_schemes
from service.web.auth import actor, now, requires
from service.web.extensions import settings
from service.web.pages.desk.evaluate.one_round import OneRound, one_round, round_page, steps_to
from service.web.pages.desk.evaluate.round_opening import ADOPTION, scheme_choices
from service.web.pages.desk.forms import N_, Field, Form, ShownForm, confirm_page, form_page, save
from service.web.pages.desk.home import blueprint
from service.web.pages.desk.ways import way
from service.web.pages.desk.words import word

PROPOSAL = Form(
    SchemeChangeSchema,
    (
        Field("id", "", "new_id"),
        Field("scheme", N_("New scheme"), "choice"),
        Field("reason", N_("Reason"), "long"),
        Field("review", N_("Upheld appeal that it follows from"), hint=N_("Its id; empty where there is none.")),
        *ADOPTION,
    ),
)
DECISION = Form(
    SchemeDecisionSchema,
    (Field("approve", N_("Decision"), "choice", required=True), Field("reason", N_("Reason"), "long")),
)
SERVICE = Form(
    SchemeServiceSchema,
    (
        Field("served_on", N_("Served on"), "date"),
        Field("channel", N_("How it is served"), "choice"),
        Field("received_by", N_("Received by")),
    ),
)


@blueprint.get("/rounds/<id>/scheme-changes", endpoint="scheme_changes")
@requires("rounds.read")
@way("round", N_("Scheme and its changes"), "rounds.read", heading=N_("Steps"), order=14, endpoint="scheme_changes")
def list_scheme_changes(id: str) -> Response:
    """The scheme that was served, and all changes of it."""
    found = one_round(id)
    return round_page(
        "procedure/scheme_changes.html",
        found,
        changes=round_schemes.of_round(actor(), id),
        scheme=found.scheme,
        decides=found.may("scheme_changes.approve"),
        people=organisations.colleagues(actor()),
    )


@blueprint.get("/rounds/<id>/scheme-changes/new", endpoint="new_scheme_change")
@requires("scheme_changes.propose")
def new_scheme_change(id: str) -> Response:
    """Another version, with the reason."""
    found = one_round(id, "scheme_changes.propose")
    return _proposal_page(found, _proposal(found).shown())


@blueprint.post("/rounds/<id>/scheme-changes/new")
@requires("scheme_changes.propose")
def propose_scheme_change(id: str) -> Response:
    """Propose it; refused once evidence has been looked at, except after an upheld review."""
    found = one_round(id, "scheme_changes.propose")

    def act(values: dict[str, Any], version: int) -> tuple[RoundSchemeChange, bool]:
        values |= dict.fromkeys(("project", "before", "before_digest", "after_digest"), "")
        change = RoundSchemeChange(**values, round=id, proposed_at=now(), proposed_by=actor().id)
        return round_schemes.propose(actor(), now(), change, adoption_needed=not settings().demo)

    return save(
        _proposal(found),
        act,
        to=lambda made: url_for("desk.scheme_changes", id=id),
        again=lambda shown, status: _proposal_page(found, shown, status),
        done=N_("Proposed. The authority decides."),
    )


def _proposal(found: OneRound) -> Form:
    return PROPOSAL.having({"scheme": scheme_choices(found.project.id)})


def _proposal_page(found: OneRound, shown: ShownForm, status: int = 200) -> Response:
    lead = gettext("The authority decides; then it is served on the provider again. Not once evidence has been read.")
    title = gettext("Propose another scheme")
    return form_page(title, shown, gettext("Propose"), _steps(found), status, lead=lead)


@blueprint.get("/rounds/<id>/scheme-changes/<change>/decision", endpoint="scheme_decision")
@requires("scheme_changes.approve")
def show_decision(id: str, change: str) -> Response:
    """The authority's word."""
    found, there = one_round(id, "scheme_changes.approve"), _change(id, change, PROPOSED)
    return _decision_page(found, there, _decision().shown({}, version=there.version))


@blueprint.post("/rounds/<id>/scheme-changes/<change>/decision")
@requires("scheme_changes.approve")
def decide_scheme_change(id: str, change: str) -> Response:
    """Approve or refuse it."""
    found, there = one_round(id, "scheme_changes.approve"), _change(id, change)
    return save(
        _decision(),
        lambda values, version: round_schemes.decide(actor(), now(), id, change, **values, version=version),
        to=lambda made: url_for("desk.scheme_changes", id=id),
        again=lambda shown, status: _decision_page(found, there, shown, status),
    )


def _decision() -> Form:
    return DECISION.having({"approve": [("true", gettext("Approve")), ("false", gettext("Refuse"))]})


def _decision_page(found: OneRound, change: RoundSchemeChange, shown: ShownForm, status: int = 200) -> Response:
    lead = f"{change.before} → {change.after}. {change.reason}"
    title = gettext("Decide on a change of the scheme")
    return form_page(title, shown, gettext("Decide"), _steps(found), status, lead=lead)


@blueprint.get("/rounds/<id>/scheme-changes/<change>/service", endpoint="scheme_service")
@requires("rounds.lead")
def show_service(id: str, change: str) -> Response:
    """When and how the new scheme reached the provider."""
    found, there = one_round(id, "rounds.lead", lead=True), _change(id, change, APPROVED)
    return _service_page(found, there, _service().shown({}, version=there.version))


@blueprint.post("/rounds/<id>/scheme-changes/<change>/service")
@requires("rounds.lead")
def serve_scheme_change(id: str, change: str) -> Response:
    """From now on the round's scheme is the new one."""
    found, there = one_round(id, "rounds.lead", lead=True), _change(id, change)
    return save(
        _service(),
        lambda values, version: round_schemes.serve(actor(), now(), id, change, **values, version=version)[0],
        to=lambda made: url_for("desk.scheme_changes", id=id),
        again=lambda shown, status: _service_page(found, there, shown, status),
        done=N_("Served. The round has its new scheme."),
    )


def _service() -> Form:
    return SERVICE.having({"channel": [(one, word("channel", one)) for one in CHANNELS]})


def _service_page(found: OneRound, change: RoundSchemeChange, shown: ShownForm, status: int = 200) -> Response:
    consequences = [gettext("The round's scheme is %(scheme)s from now on.", scheme=change.after)]
    if change.review:
        consequences.append(gettext("The result is computed anew under it, as its next version."))
    title, back = gettext("Serve the changed scheme"), url_for("desk.scheme_changes", id=found.round.id)
    return confirm_page(title, shown, gettext("It was served"), consequences, _steps(found), status, back)


def _change(id: str, change: str, state: str = "") -> RoundSchemeChange:
    """The change, if it stands where the page begins. Raises Refused: not_found, state_conflict."""
    for one in round_schemes.of_round(actor(), id):
        if one.id == change:
            if state and one.state != state:
                raise Refused("state_conflict", noun="change", state=one.state)
            return one
    raise Refused("not_found", noun="change")


def _steps(found: OneRound) -> list[tuple[str, str]]:
    return steps_to(found, (gettext("Scheme and its changes"), url_for("desk.scheme_changes", id=found.round.id)))
