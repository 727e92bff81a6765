"""The desk's pages of scorers: what each has to score, and one score with its reason; nobody sees others' before."""

from dataclasses import replace
from typing import Any

from flask import Response, url_for
from flask_babel import gettext

from schemas.evaluate.judgements import JudgementEditSchema, JudgementSchema
from service.domain.collect.scans import SCAN_LIMIT
from service.domain.errors import Refused
from service.domain.evaluate.judgements import DRAFT, IN, RoundJudgement
from service.operations.evaluate import judgements
from service.operations.procedure import judging, scoring_tasks
from service.operations.procedure.scoring_tasks import OPINION, OWN, PAPER, Task
from service.web.auth import actor, now, requires
from service.web.pages.desk.evaluate.one_round import OneRound, one_round, round_page, steps_to
from service.web.pages.desk.forms import N_, Field, Form, ShownForm, form_page, save
from service.web.pages.desk.home import LARGE_FORMS, blueprint, page
from service.web.pages.desk.ways import way
from service.web.pages.desk.words import local, word

LARGE_FORMS |= dict.fromkeys(("desk.give_score", "desk.give_score_of"), SCAN_LIMIT + 100_000)
UNNAMED = "-"  # in an address: an institution that is yet to be named
SCORE = Field("score", N_("Score of 100"), "decimal")
REASON = Field("reason", N_("Reason"), "long", N_("Near either end of the scale a longer one, or a paper."), lines=6)
SHEET = Field("sheet", N_("Paper that it rests on (PDF, JPEG, PNG)"), "file")
STATE = Field("state", N_("What becomes of it"), "choice", required=True)
PAPERS = Field("papers", N_("Papers that stay with it"), "choices")
CHANGE = Field("change_reason", N_("Why it is changed"), "long", N_("What stood there before is kept."))


@blueprint.get("/scoring", endpoint="my_rounds")
@requires("scoring.write")
@way("desk", N_("My scoring"), "scoring.write", heading=N_("Work"), order=30, endpoint="my_rounds")
def my_rounds() -> Response:
    """The rounds whose group the reader is in, with what the reader still has to score."""
    mine = scoring_tasks.rounds_of(actor())
    own = {one.id: [task for task in scoring_tasks.of_round(actor(), one.id) if task.kind == OWN] for one in mine}
    return page("evaluate/my_scoring.html", rounds=mine, tasks=own)


@blueprint.get("/rounds/<id>/scoring", endpoint="scoring")
@requires("scoring.read")
@way("round", N_("What I score"), "scoring.write", heading=N_("Scores"), order=31, endpoint="scoring")
def my_scoring(id: str) -> Response:
    """The reader's own scores; for the secretary those on paper, for the evaluator institutions' opinions."""
    found = one_round(id, "scoring.read")
    return round_page(
        "evaluate/scoring.html",
        found,
        tasks=scoring_tasks.of_round(actor(), id),
        due_on=judgements.load_judging(found.round).due_on,
        insider=judgements.is_insider(actor(), found.round),
    )


@blueprint.get("/rounds/<id>/scoring/<node>", endpoint="score")
@blueprint.get("/rounds/<id>/scoring/<node>/of/<path:rater>", endpoint="score_of")
@requires("scoring.write")
def show_score(id: str, node: str, rater: str = "") -> Response:
    """One score, to be given or changed: the own one, or that of a member on paper, or of an institution."""
    found = one_round(id, "scoring.write")
    task = _task(found, node, rater)
    there = task.judgement
    if there is None:
        shown = _form(found, task).shown({"node": node, "rater": task.rater, "state": IN})
    else:
        shown = _form(found, task).shown(there)
    return _page(found, task, shown)


@blueprint.post("/rounds/<id>/scoring/<node>", endpoint="give_score")
@blueprint.post("/rounds/<id>/scoring/<node>/of/<path:rater>", endpoint="give_score_of")
@requires("scoring.write")
def give_score(id: str, node: str, rater: str = "") -> Response:
    """Keep a draft, hand it in, or change what is in, with the reason."""
    found = one_round(id, "scoring.write")
    task = _task(found, node, rater)

    def act(values: dict[str, Any], version: int) -> Any:
        papers = _papers(found, values)
        if task.judgement is not None:
            return judgements.change(actor(), now(), task.judgement.id, version, **values, papers=papers)
        given = RoundJudgement(**values, papers=papers, round=id, at=now(), by=actor().id)
        return judgements.enter(actor(), now(), given)

    def current() -> tuple[RoundJudgement, int]:
        there = _task(found, node, rater).judgement
        if there is None:
            raise Refused("not_found", noun="judgement")
        return there, there.version

    return save(
        _form(found, task),
        act,
        to=lambda made: url_for("desk.scoring", id=id),
        again=lambda shown, status: _page(found, task, shown, status),
        current=current if task.judgement else None,
    )


def _papers(found: OneRound, values: dict[str, Any]) -> tuple[str, ...]:
    """The papers that stay, and the one that was sent."""
    papers, sent = [*values.pop("papers", [])], values.pop("sheet", None)
    if sent is not None:
        papers.append(judging.add_sheet(actor(), now(), found.round.id, sent.read()).name)
    return tuple(dict.fromkeys(papers))


def _task(found: OneRound, node: str, rater: str) -> Task:
    """The reader's own score of the node, or that of `rater`. Raises Refused: not_asked."""
    mine = [one for one in scoring_tasks.of_round(actor(), found.round.id) if one.node == node]
    wanted = [one for one in mine if (one.kind == OWN if not rater else (one.rater or UNNAMED) == rater)]
    if not wanted:
        raise Refused("not_asked", node=local(found.labels.get(node)) or node)
    return wanted[0]


def _form(found: OneRound, task: Task) -> Form:
    there = task.judgement
    states = [IN] if task.kind != OWN or (there is not None and there.state == IN) else [IN, DRAFT]
    choices = {"state": [(one, word("score_to", one)) for one in states]}
    given = [replace(one, required=DRAFT not in states) for one in (SCORE, REASON)]  # a draft may lack either
    if there is None:
        who = Field("rater", N_("Institution"), required=True) if task.kind == OPINION and not task.rater else None
        first = (Field("id", "", "new_id"), Field("node", "", "hidden"), who or Field("rater", "", "hidden"))
        return Form(JudgementSchema, (*first, *given, SHEET, STATE)).having(choices)
    choices["papers"] = [(name, gettext("Paper %(number)s", number=n)) for n, name in enumerate(there.papers, 1)]
    fields = (*given, *((PAPERS,) if there.papers else ()), SHEET, STATE)
    return Form(JudgementEditSchema, (*fields, *((CHANGE,) if there.state == IN else ()))).having(choices)


def _page(found: OneRound, task: Task, shown: ShownForm, status: int = 200) -> Response:
    rule = found.scheme.node(task.node)
    lead = local(rule.description) if rule.description else ""
    if task.kind == PAPER:
        lead = gettext("On paper for %(name)s: add the signed sheet.", name=task.name)
    elif task.kind == OPINION and task.name:
        lead = gettext("Signed opinion of %(name)s.", name=task.name)
    steps = steps_to(found, (gettext("What I score"), url_for("desk.scoring", id=found.round.id)))
    return form_page(local(rule.label), shown, gettext("Save"), steps, status, lead=lead)
