"""The desk's pages of spot checks: a project's records by site and state, one record with all of it, and reviews."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, make_response, redirect, request, url_for
from flask_babel import gettext

from schemas.inspect.spot_checks import ReviewDecisionSchema
from service.domain import access
from service.domain.errors import Refused
from service.domain.inspect import reviews as rules
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.spot_checks import ACCEPTED, ATTRIBUTES, CONFLICT, OBSERVATION, RECEIVED, STATES, SpotCheck
from service.operations import organisations, projects
from service.operations.inspect import checklists, draws, spot_check_lists, spot_check_reviews, spot_checks, spot_media
from service.web.auth import actor, now, requires
from service.web.errors import status_of
from service.web.pages import answer_texts
from service.web.pages.desk.evaluate.evidence import came_from
from service.web.pages.desk.forms import Field, Form, ShownForm, save
from service.web.pages.desk.home import blueprint, message, page
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import word

PAGE = 100
REVIEW = Form(
    ReviewDecisionSchema,
    (
        Field("state", N_("Decision"), "radio"),
        Field(
            "comment",
            N_("Comment: the auditor reads it. Needed except for accepting what was received."),
            "long",
            lines=3,
        ),
    ),
    key="review",
)


@blueprint.get("/projects/<id>/spot-checks")
@requires("spot_checks.read")
@way("project", N_("Spot checks"), "spot_checks.read", heading=N_("Inspecting"), order=43)
def spot_check_list(id: str) -> Response:
    """A project's records, the newest first; filters stand in the address."""
    return _list(id)


def _list(id: str, refused: Refused | None = None) -> Response:
    asked = {name: request.values.get(name, "")[:80] for name in ("site", "state", "draw")}
    found = spot_check_lists.of_project(actor(), id, **asked)
    first = _first(len(found))
    draw = draws.get(actor(), asked["draw"]) if asked["draw"] else None
    project = projects.project(actor(), id)
    return page(
        "inspect/spot_checks.html",
        status_of(refused) if refused else 200,
        project=project,
        asked=asked,
        records=found[first : first + PAGE],
        total=len(found),
        following=first + PAGE if first + PAGE < len(found) else 0,
        first=first,
        states=STATES,
        sites={site.id: site.name for site in projects.sites(actor(), id)},
        draws=draws.of_project(actor(), id),
        excluded=spot_checks.excluded(draw) if draw else [],
        waiting=sum(one.spot.state == RECEIVED for one in found) if draw and not asked["state"] else 0,
        reviews_here=access.may(actor(), "spot_checks.review", project.parties),
        people=organisations.colleagues(actor()),
        errors=[message(refused)] if refused else [],
    )


def _first(total: int) -> int:
    text = request.args.get("first", "0")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0
    return number if number < max(total, 1) else 0


@blueprint.post("/draws/<id>/spot-checks/accept")
@requires("spot_checks.review")
def accept_all(id: str) -> Response:
    """Accept every record of a draw that was received and is not reviewed yet."""
    draw = draws.get(actor(), id)
    try:
        spot_check_reviews.review_all(actor(), now(), id, ACCEPTED, "")
    except Refused as refused:
        if refused.reason not in ("stale", "busy"):
            raise
        return _list(draw.project, refused)
    return make_response(redirect(url_for("desk.spot_check_list", id=draw.project, draw=id), 303))


@blueprint.get("/spot-checks/<id>")
@requires("spot_checks.read")
def spot_check(id: str) -> Response:
    """One record with its answers, photos, circumstances, signatures and history."""
    return _shown(spot_checks.get(actor(), id))


@blueprint.post("/spot-checks/<id>/review")
@requires("spot_checks.review")
def review_spot_check(id: str) -> Response:
    """Accept, return or reject a record as it was read."""

    def act(values: dict[str, Any], version: int) -> SpotCheck:
        return spot_check_reviews.review(actor(), now(), id, values["state"], values["comment"], version)

    def again(shown: ShownForm, status: int) -> Response:
        return _shown(spot_checks.get(actor(), id), shown, status)

    return save(_reviewing(spot_checks.get(actor(), id)), act, lambda made: url_for("desk.spot_check", id=id), again)


def _reviewing(spot: SpotCheck) -> Form:
    """What may become of it, and what somebody who decides has read: its state and the last review."""
    choices = [(state, word("spot_state", state)) for state in rules.DECISIONS if state in rules.FOLLOWS[spot.state]]
    said = spot.reviews[-1]["comment"] if spot.reviews else ""
    return REVIEW.having({"state": choices}, seen={N_("State"): word("spot_state", spot.state), N_("Comment"): said})


@blueprint.get("/spot-checks/<id>/media/<sha256>")
@requires("spot_checks.read")
def spot_photo(id: str, sha256: str) -> Response:
    """A photo without position, time and maker: small, or as large as it is shown; `original` for the evaluator."""
    spot, size = spot_checks.get(actor(), id), request.args.get("size", "")
    if size == "small":
        return Response(spot_media.thumbnail(spot, sha256), mimetype="image/jpeg")
    content, kind = spot_media.content(actor(), spot, sha256, original=size == "original")
    response = Response(content, mimetype=kind)
    if size == "original":  # its bytes are the sender's: a browser saves it and opens nothing
        response.headers["Content-Disposition"] = f"attachment; filename={sha256[:16]}.{kind.rpartition('/')[2]}"
    return response


def _shown(spot: SpotCheck, shown: ShownForm | None = None, status: int = 200) -> Response:
    draw = draws.get(actor(), spot.draw) if spot.draw else None
    project = projects.project(actor(), spot.project)
    others = spot_check_lists.others(spot)
    rivals = spot_check_lists.rivals(spot, others) if spot.state == CONFLICT else []
    reviewing = access.may(actor(), "spot_checks.review", project.parties)
    return page(
        "inspect/spot_check.html",
        status,
        spot=spot,
        draw=draw,
        project=project,
        place=_place(draw, spot),
        context=came_from("checks", draw.id) if draw else {},
        attributes=ATTRIBUTES if spot.part != OBSERVATION else tuple(spot.attributes),
        people=organisations.colleagues(actor()),
        answers=_answers(spot),
        files=spot_media.files_of(actor(), spot),
        others=others,
        sides=[_beside(spot, rival) for rival in rivals],
        decides=reviewing and bool(rules.FOLLOWS[spot.state]),
        reviewing=reviewing,
        shown=shown or _reviewing(spot).shown(version=spot.version),
    )


def _place(draw: RecordedDraw | None, spot: SpotCheck) -> int | None:
    items = draw.items if draw else ()
    return next((place for place, item in enumerate(items, 1) if item.serial == spot.serial), None)


def _answers(spot: SpotCheck) -> list[tuple[str, str, bool]]:
    if not spot.checklist:
        return []
    return answer_texts.read(checklists.parsed(spot.checklist).questionnaire, spot.answers)


def _beside(spot: SpotCheck, other: SpotCheck) -> dict[str, Any]:
    """Two records question by question: (question, here, there, whether they differ)."""
    here, there = _named(spot), _named(other)
    rows = [(name, here.get(name, ""), there.get(name, "")) for name in dict.fromkeys([*here, *there])]
    return {"other": other, "rows": [(name, mine, theirs, mine != theirs) for name, mine, theirs in rows]}


def _named(spot: SpotCheck) -> Mapping[str, str]:
    """What a record says, in words; of one without a checklist its attributes."""
    said: Sequence[tuple[str, str]]
    if spot.checklist:
        said = [(question, text) for question, text, given in _answers(spot) if given]
    else:
        told = {True: gettext("yes"), False: gettext("no")}
        said = [(name, told[holds]) for name, holds in spot.attributes.items() if holds is not None]
    return dict(said) | ({gettext("Note"): spot.note} if spot.note else {})
