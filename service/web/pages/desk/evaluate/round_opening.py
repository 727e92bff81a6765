"""The desk's pages on which a round is opened, and its terms are set until the scheme is served."""

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for
from flask_babel import gettext

from schemas.evaluate.rounds import RoundSchema, TermsSchema
from service.domain import access
from service.domain.evaluate.round_opening import DATE_SET_BY
from service.domain.evaluate.rounds import FINAL, KINDS, LEADS, PUBLISHED, Round
from service.domain.projects import Project
from service.operations import projects
from service.operations.evaluate import rounds, schemes
from service.web.auth import actor, now, requires
from service.web.extensions import settings
from service.web.pages.desk.evaluate.one_round import OneRound, one_round, steps_to
from service.web.pages.desk.forms import N_, Field, Form, ShownForm, form_page, save
from service.web.pages.desk.home import blueprint
from service.web.pages.desk.ways import way
from service.web.pages.desk.words import local, word

DAY = (
    Field("self_evaluation_on", N_("Day of the mid-term self-evaluation"), "date"),
    Field("self_evaluation_set", N_("Who set this day"), "choice"),
)
BODY = (
    Field("review_body.name", N_("Who would review the result"), hint=N_("Empty: the authority in charge.")),
    Field("review_body.address", N_("Its address")),
    Field("review_body.phone", N_("Its telephone")),
)
# The page shows all terms: what is left empty on it is to be empty, while the API changes what is sent.
EMPTY: Mapping[str, Any] = {"terms": {}, "self_evaluation_on": None, "self_evaluation_set": "", "review_body": None}
ADOPTION = (
    Field("adoption.document", N_("Document that adopts the example weights"), required=False),
    Field("adoption.number", N_("Number of the document"), required=False),
    Field("adoption.date", N_("Date of the document"), "date", required=False),
)
OPENING = Form(
    RoundSchema,
    (
        Field("id", "", "new_id"),
        Field("name", N_("Name of the round")),
        Field("kind", N_("Kind"), "choice"),
        Field("scheme", N_("Scheme"), "choice"),
        Field("lead", N_("Led by"), "choice"),
        Field("direct_reason", N_("Why the authority leads itself"), "long"),
        *ADOPTION,
        *(Field(one.name, one.label, one.kind, one.hint, required=False) for one in BODY),
        *DAY,
        Field("of", N_("Looks again at"), "choice", hint=N_("Only for a re-evaluation.")),
        Field("expired_reason", N_("Why a scheme that is not valid now is used"), "long"),
    ),
)


@blueprint.get("/projects/<id>/rounds/new", endpoint="open_round")
@requires("rounds.open")
@way("project", N_("Open a round"), "rounds.open", heading=N_("Evaluating"), order=60, endpoint="open_round")
def new_round(id: str) -> Response:
    """What a round is opened with."""
    owner = projects.project(actor(), id, "rounds.open")
    return _opening_page(owner, _opening(owner).shown({"lead": _leads(owner)[0]}))


@blueprint.post("/projects/<id>/rounds/new")
@requires("rounds.open")
def add_round(id: str) -> Response:
    """Open it: scheme, weights and figures freeze."""
    owner = projects.project(actor(), id, "rounds.open")
    return save(
        _opening(owner),
        _open,
        to=lambda made: url_for("desk.round", id=made.id),
        again=lambda shown, status: _opening_page(owner, shown, status),
        done=N_("The round is open."),
    )


def _open(values: dict[str, Any], version: int) -> tuple[Round, bool]:
    opened = Round(**values, scheme_digest="", opened_at=now())
    return rounds.open_round(actor(), now(), opened, adoption_needed=not settings().demo)


def _opening(owner: Project) -> Form:
    return OPENING.having(
        {
            "kind": [(one, word("kind", one)) for one in KINDS],
            "scheme": scheme_choices(owner.id),
            "lead": [(one, word("party", one)) for one in _leads(owner)],
            "self_evaluation_set": _who_set(),
            "of": [(one.id, one.name) for one in rounds.listed(actor(), project=owner.id) if one.state in _OVER],
        },
        fixed={"project": owner.id},
    )


_OVER = (FINAL, PUBLISHED)


def _leads(owner: Project) -> list[str]:
    """Who may lead: the evaluator prepares rounds for either, the others open those that they lead."""
    if access.may(actor(), "rounds.write", owner.parties):
        return list(LEADS)
    return [one for one in LEADS if one in actor().roles and owner.parties[one] == actor().organisation]


def scheme_choices(project: str) -> list[tuple[str, str]]:
    """The schemes that a round of this project may use, by title and version."""
    found = [*schemes.versions(actor())]
    if any(
        access.may(actor(), "projects.read", one.parties) and one.id == project for one in projects.projects(actor())
    ):
        found += schemes.of_project(actor(), project)
    return [(one.id, f"{local(schemes.parsed(one.id).title)} ({one.id})") for one in sorted(found, key=_newest)]


def _newest(one: Any) -> tuple[str, int, str]:
    return one.scheme, -len(one.number), one.number


def _who_set() -> list[tuple[str, str]]:
    return [(one, word("date_set", one)) for one in DATE_SET_BY]


def _opening_page(owner: Project, shown: ShownForm, status: int = 200) -> Response:
    lead = gettext("The scheme is frozen when the round opens. Terms can be set until it is served on the provider.")
    return form_page(
        gettext("Open a round"),
        shown,
        gettext("Open the round"),
        [(owner.name, url_for("desk.project", id=owner.id))],
        status,
        lead=lead,
    )


# --- Terms


@blueprint.get("/rounds/<id>/terms", endpoint="terms")
@requires("rounds.lead")
@way("round", N_("Terms"), "rounds.lead", heading=N_("Steps"), order=11, endpoint="terms")
def show_terms(id: str) -> Response:
    """Days that the scheme leaves open, the mid-term day, the reviewing body."""
    found = one_round(id, "rounds.lead", lead=True)
    return _terms_page(found, _terms(found).shown(found.round))


@blueprint.post("/rounds/<id>/terms")
@requires("rounds.lead")
def set_terms(id: str) -> Response:
    """Set them, until the scheme is served."""
    found = one_round(id, "rounds.lead", lead=True)

    def current() -> tuple[Round, int]:
        there = rounds.get(actor(), id, "rounds.lead")
        return there, there.version

    def act(values: dict[str, Any], version: int) -> Round:
        return rounds.set_terms(actor(), now(), id, {**EMPTY, **values}, version)

    return save(
        _terms(found),
        act,
        to=lambda made: url_for("desk.steps", id=id),
        again=lambda shown, status: _terms_page(found, shown, status),
        current=current,
    )


def _terms(found: OneRound) -> Form:
    """A field for each deadline whose days the scheme leaves open."""
    open_ = [one for one in found.scheme.deadlines if one.n is None]
    hint = N_("Days that the scheme leaves open.")
    fields = tuple(Field(f"terms.{one.id}", local(one.label), "number", hint=hint) for one in open_)
    return Form(TermsSchema, (*fields, *DAY, *BODY)).having({"self_evaluation_set": _who_set()})


def _terms_page(found: OneRound, shown: ShownForm, status: int = 200) -> Response:
    lead = gettext("They can be set until the scheme is served on the provider.")
    return form_page(gettext("Terms"), shown, gettext("Save"), steps_to(found), status, lead=lead)
