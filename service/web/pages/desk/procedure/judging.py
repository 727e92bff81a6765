"""The desk's pages of the scoring as its lead runs it: who is waited for, the last day, lapses, reopened indicators."""

from secrets import token_hex
from typing import Any

from flask import Response, url_for
from flask_babel import gettext

from schemas.evaluate.judgements import JudgementLapseSchema, JudgingDaySchema, JudgingReopeningSchema
from service.domain.collect.scans import MEDIA_TYPES
from service.domain.errors import Refused
from service.domain.evaluate.judgements import RoundJudgement
from service.operations.procedure import judging
from service.operations.procedure.judging import NodeProgress
from service.web.auth import actor, now, requires
from service.web.downloads import attachment
from service.web.pages.desk.evaluate.one_round import OneRound, one_round, round_page, steps_to
from service.web.pages.desk.forms import N_, Field, Form, ShownForm, confirm_page, form_page, save
from service.web.pages.desk.home import blueprint
from service.web.pages.desk.ways import way
from service.web.pages.desk.words import local

DAY = Form(JudgingDaySchema, (Field("due_on", N_("Last day for scores"), "date"),))
LAPSE = Form(
    JudgementLapseSchema,
    (Field("node", "", "hidden"), Field("rater", "", "hidden"), Field("reason", N_("Reason"), "long")),
)
REOPENING = Form(JudgingReopeningSchema, (Field("reason", N_("Reason"), "long"),))


@blueprint.get("/rounds/<id>/judging", endpoint="judging")
@requires("scoring.read")
@way("round", N_("Who has scored"), "gates.read", heading=N_("Scores"), order=32, endpoint="judging")
def show_judging(id: str) -> Response:
    """Who has scored what, and how far they agree where scores may be seen; for the group and those who lead."""
    found = one_round(id, "scoring.read")
    return round_page("procedure/judging.html", found, progress=judging.progress(actor(), id))


# --- The last day


@blueprint.get("/rounds/<id>/judging/day", endpoint="judging_day")
@requires("judging.write")
def show_day(id: str) -> Response:
    """The last day for scores."""
    found = one_round(id, "judging.write", lead=True)
    there = judging.progress(actor(), id)
    return _day_page(found, DAY.shown({"due_on": there.due_on} if there.due_on else {}, version=there.version))


@blueprint.post("/rounds/<id>/judging/day")
@requires("judging.write")
def set_day(id: str) -> Response:
    """Set it, or give more time."""
    found = one_round(id, "judging.write", lead=True)

    def current() -> tuple[dict[str, Any], int]:
        there = judging.progress(actor(), id)
        return {"due_on": there.due_on}, there.version

    return save(
        DAY,
        lambda values, version: judging.set_day(actor(), now(), id, values["due_on"], version),
        to=lambda made: url_for("desk.judging", id=id),
        again=lambda shown, status: _day_page(found, shown, status),
        current=current,
    )


def _day_page(found: OneRound, shown: ShownForm, status: int = 200) -> Response:
    lead = gettext("It can be put off, never brought forward. Who is silent after it may be lapsed.")
    return form_page(gettext("Last day for scores"), shown, gettext("Save"), _steps(found), status, lead=lead)


# --- Going on without a score


@blueprint.get("/rounds/<id>/judging/<node>/lapse/<rater>", endpoint="lapse")
@requires("judging.write")
def show_lapse(id: str, node: str, rater: str) -> Response:
    """What follows from going on without a score."""
    found = one_round(id, "judging.write", lead=True)
    return _lapse_page(found, node, rater, LAPSE.shown({"node": node, "rater": rater}))


@blueprint.post("/rounds/<id>/judging/<node>/lapse/<rater>")
@requires("judging.write")
def lapse_score(id: str, node: str, rater: str) -> Response:
    """Go on without it, after the last day."""
    found = one_round(id, "judging.write", lead=True)

    def act(values: dict[str, Any], version: int) -> RoundJudgement:
        lapsed = RoundJudgement(token_hex(8), id, node, rater, None, values["reason"], now(), actor().id)
        return judging.lapse(actor(), now(), lapsed)

    return save(
        LAPSE,
        act,
        to=lambda made: url_for("desk.judging", id=id),
        again=lambda shown, status: _lapse_page(found, node, rater, shown, status),
    )


def _lapse_page(found: OneRound, node: str, rater: str, shown: ShownForm, status: int = 200) -> Response:
    one = _node(found, node)
    name = next((asked.name for asked in one.asked if asked.rater == rater), rater)
    consequences = [
        gettext("%(name)s gives no score for “%(node)s” any more.", name=name, node=local(found.labels[node])),
        gettext("If nobody else is waited for, the scores of the others are known from then on."),
    ]
    title, back = gettext("Go on without a score"), url_for("desk.judging", id=found.round.id)
    return confirm_page(title, shown, gettext("Go on without it"), consequences, _steps(found), status, back)


# --- Scores that may be changed although they are known


@blueprint.get("/rounds/<id>/judging/<node>/reopening", endpoint="reopening")
@requires("judging.write")
def show_reopening(id: str, node: str) -> Response:
    """Let an indicator's scores be changed although they are known, or end that."""
    found = one_round(id, "judging.write", lead=True)
    return _reopening_page(found, node, REOPENING.shown(version=judging.progress(actor(), id).version))


@blueprint.post("/rounds/<id>/judging/<node>/reopening")
@requires("judging.write")
def reopen(id: str, node: str) -> Response:
    """Open or close it, with the reason."""
    found = one_round(id, "judging.write", lead=True)
    opens = not _node(found, node).reopened

    def act(values: dict[str, Any], version: int) -> Any:
        return judging.reopen(actor(), now(), id, node, values["open"], values["reason"], version)

    return save(
        REOPENING.having(fixed={"open": opens}),
        act,
        to=lambda made: url_for("desk.judging", id=id),
        again=lambda shown, status: _reopening_page(found, node, shown, status),
    )


def _reopening_page(found: OneRound, node: str, shown: ShownForm, status: int = 200) -> Response:
    title = gettext("End the changing of scores") if _node(found, node).reopened else gettext("Let scores be changed")
    lead = local(found.labels[node])
    return form_page(title, shown, gettext("Save"), _steps(found), status, lead=lead)


def _node(found: OneRound, node: str) -> NodeProgress:
    for one in judging.progress(actor(), found.round.id).nodes:
        if one.node == node:
            return one
    raise Refused("not_found", noun="indicator")


def _steps(found: OneRound) -> list[tuple[str, str]]:
    return steps_to(found, (gettext("Who has scored"), url_for("desk.judging", id=found.round.id)))


@blueprint.get("/rounds/<id>/score-sheets/<name>", endpoint="score_sheet")
@requires("scoring.read")
def score_sheet(id: str, name: str) -> Response:
    """A signed sheet, to save: for whoever sent it, for others once all its scores may be seen."""
    found, data = judging.sheet(actor(), id, name)
    return attachment(f"{found.name[:12]}.{found.kind}", data, MEDIA_TYPES[found.kind])
