"""The desk's page that says which questionnaire, draw and raters are the evidence of which node of a round."""

from typing import Any

from flask import Response, url_for
from flask_babel import gettext

from schemas.evaluate.rounds import SourcesSchema
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.schemes import Check, Counter, Expert, Survey
from service.domain.inspect.draws import PLANNED_TRIGGER
from service.domain.procedure.groups import SCORER
from service.operations.collect import campaigns
from service.operations.evaluate import rounds
from service.operations.inspect import draws
from service.operations.procedure import groups
from service.web.auth import actor, now, requires
from service.web.pages.desk.evaluate.one_round import OneRound, one_round, steps_to
from service.web.pages.desk.forms import N_, Field, Form, ShownForm, form_page, save
from service.web.pages.desk.home import blueprint
from service.web.pages.desk.inspect.draws import draw_title
from service.web.pages.desk.ways import way
from service.web.pages.desk.words import local

Names = list[tuple[str, str]]


@blueprint.get("/rounds/<id>/sources", endpoint="sources")
@requires("rounds.write")
@way("round", N_("Where evidence comes from"), "rounds.write", heading=N_("Evidence"), order=20, endpoint="sources")
def show_sources(id: str) -> Response:
    """Of each node the questionnaire, the draw or the raters."""
    found = one_round(id, "rounds.write")
    return _page(found, _form(found).shown(found.round))


@blueprint.post("/rounds/<id>/sources")
@requires("rounds.write")
def bind_sources(id: str) -> Response:
    """Bind them; evidence of another project is refused."""
    found = one_round(id, "rounds.write")

    def act(values: dict[str, Any], version: int) -> Round:
        values["panels"] = {node: raters for node, raters in values["panels"].items() if raters}
        return rounds.bind(actor(), now(), id, **values, version=version)

    def current() -> tuple[Round, int]:
        there = rounds.get(actor(), id, "rounds.write")
        return there, there.version

    return save(
        _form(found),
        act,
        to=lambda made: url_for("desk.sources", id=id),
        again=lambda shown, status: _page(found, shown, status),
        current=current,
    )


def _form(found: OneRound) -> Form:
    """A field for each leaf that rests on something bound."""
    fields: list[Field] = []
    choices: dict[str, Names] = {}
    asked = [(one.id, one.name) for one in campaigns.of_project(actor(), found.project.id, "campaigns.read")]
    drawn = _draws(found)
    scorers = _scorers(found)
    for node in found.scheme.leaves():
        label = f"{' '.join(node.rules)} {local(node.label)}"
        if isinstance(node.spec, Survey):
            fields.append(Field(f"surveys.{node.id}", label, "choice", N_("Questionnaire")))
            choices[f"surveys.{node.id}"] = asked
        elif isinstance(node.spec, Check):
            fields.append(Field(f"checks.{node.id}", label, "choice", N_("Draw of records that were looked up")))
            choices[f"checks.{node.id}"] = drawn
        elif isinstance(node.spec, Counter):
            fields.append(Field(f"counters.{node.id}", label, "choice", N_("Draw that verifies what is claimed")))
            choices[f"counters.{node.id}"] = drawn
        elif isinstance(node.spec, Expert):
            fields.append(_panel(found, node.id, label, node.spec, scorers, choices))
    return Form(SourcesSchema, tuple(fields)).having(choices)


def _panel(found: OneRound, node: str, label: str, spec: Expert, scorers: Names, choices: dict[str, Names]) -> Field:
    """Members of the group to tick, where there are any and the node is theirs to judge; else names, one a line."""
    name, bound = f"panels.{node}", found.round.panels.get(node, ())
    if spec.raters != "scorers" or not scorers:
        return Field(name, label, "lines", N_("Who is asked, one name a line. Empty: nobody is named beforehand."))
    known = {id for id, _ in scorers}
    choices[name] = [*scorers, *((one, one) for one in bound if one not in known)]
    return Field(name, label, "choices", N_("Who of the group judges this. Nobody ticked: every scorer."))


def _draws(found: OneRound) -> Names:
    usual = [one for one in draws.of_project(actor(), found.project.id) if one.trigger == PLANNED_TRIGGER]
    told = N_("%(id)s: %(count)s drawn")
    return [(one.id, gettext(told, id=draw_title(one.id), count=len(one.drawn or ()))) for one in usual]


def _scorers(found: OneRound) -> Names:
    return [
        (one.id, one.name) for one in groups.of_round(actor(), found.round.id) if one.active and SCORER in one.roles
    ]


def _page(found: OneRound, shown: ShownForm, status: int = 200) -> Response:
    lead = gettext("Only questionnaires and draws of this project count, and no draw that a complaint led to.")
    title = gettext("Where evidence comes from")
    return form_page(title, shown, gettext("Save"), steps_to(found), status, lead=lead)
