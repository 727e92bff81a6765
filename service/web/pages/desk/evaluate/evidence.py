"""The desk's pages of evidence: the answers of a campaign, a draw, its spot checks."""

import csv
import io
from typing import Any

from flask import Response, make_response, redirect, request, url_for

from service.domain import access
from service.domain.collect.campaigns import DRAFT
from service.domain.errors import Refused
from service.domain.inspect.ceremonies import OPENED
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.frames import FrozenFrame
from service.domain.inspect.spot_checks import ATTRIBUTES
from service.operations import organisations, projects
from service.operations.collect import campaigns, questionnaires, responses
from service.operations.evaluate import rounds, schemes
from service.operations.inspect import draws, frames, results, spot_checks
from service.web.auth import actor, requires
from service.web.pages import answer_texts
from service.web.pages.desk.home import blueprint, page

PAGE_SIZE = 24
MOST_SLOTS = 1 << 30


def came_from(bound: str, id: str) -> dict[str, Any]:
    """The round and the node from which the reader comes to evidence `id`; empty if from elsewhere.

    `bound` is the field of Round that holds such evidence. Raises Refused("not_found") if that node rests on another.
    """
    if "round" not in request.args:
        return {}
    round = rounds.get(actor(), request.args["round"], "scores.read")
    node = {each.id: each for each in schemes.parsed(round.scheme).nodes}.get(request.args.get("node", ""))
    if node is None or getattr(round, bound).get(node.id) != id:
        raise Refused("not_found", noun="indicator")
    return {"round": round, "node": node, "trail": {"round": round.id, "node": node.id}}


@blueprint.get("/campaigns/<id>/responses")
@requires("responses.read")
def answers(id: str) -> Response:
    """Sealed answers, a page at a time, in the order of their random ids."""
    found = campaigns.get(actor(), id, "responses.read")
    if campaigns.state(id) == DRAFT:
        raise Refused("campaign_not_open")
    questionnaire = questionnaires.of_campaign(id)
    shown, following = responses.page(actor(), id, cursor(), PAGE_SIZE)
    return page(
        "evaluate/responses.html",
        campaign=found,
        context=came_from("surveys", id),
        answers=[(response, answer_texts.read(questionnaire, response.answers)) for response in shown],
        following=following,
        first=cursor() == 0,
        waiting=responses.waiting(actor(), id),
        sites={site.id: site.name for site in projects.sites(actor(), found.project)},
    )


def cursor(text: str | None = None) -> int:
    """Where a page of answers begins, as the address or a form says it. Raises Refused("not_found")."""
    text = request.args.get("cursor", "0") if text is None else text
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) < MOST_SLOTS):
        raise Refused("not_found", noun="response")
    return int(text)


@blueprint.get("/draws/<id>")
@requires("draws.read")
def draw(id: str) -> Response:
    """Everything from which a draw can be computed again, and what was found of each drawn item."""
    found = draws.get(actor(), id)
    if found.state != OPENED:
        return make_response(redirect(url_for("desk.ceremony", id=id), 303))
    project = projects.project(actor(), found.project)
    return page(
        "inspect/draw.html",
        draw=found,
        back_checks=access.may(actor(), "assignments.write", project.parties),
        more=access.may(actor(), "draws.write", project.parties) and not draws.finished(found),
        context=came_from("checks", id),
        frame=_frame(found),
        project=project,
        findings=results.findings(found),
        checks=spot_checks.in_force(found),
        attributes=ATTRIBUTES,
        people=organisations.colleagues(actor()),
    )


def _frame(draw: RecordedDraw) -> FrozenFrame | None:
    """The whole list is the evaluator's; an auditor sees what was drawn from it."""
    try:
        return frames.get(actor(), draw.frame)
    except Refused as refused:
        if refused.reason != "forbidden":
            raise
        return None


@blueprint.get("/draws/<id>/frame.csv")
@requires("frames.read")
def frame_file(id: str) -> Response:
    """The frozen list as `minyi verify-draw` reads it."""
    frozen = frames.get(actor(), draws.get(actor(), id).frame)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if frozen.strata:
        writer.writerows([("serial", "stratum"), *zip(frozen.serials, frozen.strata, strict=True)])
    else:
        writer.writerows([("serial",), *((serial,) for serial in frozen.serials)])
    return _file(text.getvalue(), "text/csv", "frame.csv")


@blueprint.get("/draws/<id>/drawn.txt")
@requires("draws.read")
def drawn_file(id: str) -> Response:
    """The drawn serials, one a line, in the order drawn."""
    items = draws.get(actor(), id).items
    return _file("".join(f"{item.serial}\n" for item in items), "text/plain", "drawn.txt")


def _file(text: str, kind: str, name: str) -> Response:
    response = Response(text, content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
