"""The ceremony of a draw at the desk: what each party has to do now, what happens next; and how many to draw."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, g, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Redirect

from service.domain import access
from service.domain.errors import Refused
from service.domain.inspect import ceremonies as rules
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.frames import frame_sha256, freeze
from service.operations import projects
from service.operations.inspect import ceremonies, draw_planning, draws
from service.web.auth import actor, now, requires
from service.web.errors import fault_text, status_of
from service.web.pages.desk.home import blueprint, message, page
from service.web.pages.desk.inspect.draw_forms import PLANNER_FIELDS, planner_values
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import moment

# The published example, so that anybody can check a program of their own.
_EXAMPLE = freeze(f"R00{number}" for number in range(1, 9))
VECTOR = {
    "serials": _EXAMPLE.serials,
    "sha256": frame_sha256(_EXAMPLE),
    "secrets": {"evaluator": bytes(range(16)).hex(), "provider": bytes(range(16, 32)).hex()},
    "seed": "7752f67bf0ef2aaefc28be1cfa9ea0f4776b26f470d17561e8b2b931f3a24da2",
    "drawn": ["R006", "R004", "R001"],
}


@blueprint.context_processor
def titles() -> dict[str, Any]:
    """`draw_title` for all templates of the desk."""
    return {"draw_title": draw_title}


def draw_title(id: str) -> str:
    """A draw as people tell it from others: its number in its list, and when it was planned. An unknown id stays."""
    known: dict[str, str] = g.setdefault("draw_titles", {})
    if id not in known:
        found = draws.numbered(id)
        known[id] = (
            id if found is None else f"{gettext('Draw %(number)s', number=found[0])} · {moment(found[1]).striptags()}"
        )
    return known[id]


@blueprint.get("/draws/<id>/ceremony")
@requires("draws.follow")
def ceremony(id: str) -> Response:
    """How far the draw is; nothing that is shown here tells what will be drawn."""
    return _ceremony_page(id)


@blueprint.post("/draws/<id>/ceremony/<step>")
@requires("draws.commit")
def ceremony_step(id: str, step: str) -> Response | Redirect:
    """One step of one party."""
    given = {name: request.form.get(name, "").strip() for name in ("part", "commitment", "secret", "value", "reason")}
    try:
        _take(id, step, given)
    except Refused as refused:
        if refused.reason == "not_found":
            raise
        return _ceremony_page(id, status_of(refused), told(refused), given)
    return redirect(url_for("desk.ceremony", id=id), 303)


def _take(id: str, step: str, given: Mapping[str, str]) -> None:
    part = given["part"]
    match step:
        case "agree":
            ceremonies.agree(actor(), now(), id, part)
        case "commit":
            ceremonies.commit(actor(), now(), id, part, given["commitment"].lower())
        case "reveal":
            ceremonies.reveal(actor(), now(), id, part, _secret(given["secret"]))
        case "public":
            ceremonies.name_public(actor(), now(), id, given["value"])
        case "void":
            ceremonies.void(actor(), now(), id, given["reason"])
        case "close":
            ceremonies.close(actor(), now(), id)
        case "publish":
            ceremonies.publish(actor(), now(), id)
        case _:
            raise Refused("not_found", noun="draw")


def _secret(text: str) -> str:
    """The secret alone, or out of the whole saved file that somebody pasted."""
    words = text.split()
    return (words[words.index("secret") + 1] if "secret" in words[:-1] else "".join(words)).lower()


def _ceremony_page(id: str, status: int = 200, errors: Sequence[str] = (), given: Any = None) -> Response:
    found = draws.get(actor(), id, now())
    owner = projects.project(actor(), found.project)
    mine = [part for part in ceremonies.parts_of(actor(), owner) if part in found.parties]
    return page(
        "inspect/ceremony.html",
        status,
        draw=found,
        project=owner,
        frame=draws.frame_told(found),
        waiting=rules.missing(found) if found.state in ("planned", "committed") else (),
        dropped=rules.dropped(found),
        unheard=rules.unheard(found) if found.why_void in (rules.NOT_COMMITTED, rules.NOT_REVEALED) else (),
        agreed=rules.agreed(found),
        mine=mine,
        part=_part(found, mine),
        leads=access.may(actor(), "draws.write", owner.parties),
        reads=access.may(actor(), "draws.read", owner.parties),
        finished=draws.finished(found),
        next=_next(found),
        vector=VECTOR,
        errors=errors,
        given=given or {},
    )


def _part(found: RecordedDraw, mine: Sequence[str]) -> str:
    """The part for which the reader has something to deposit or reveal; the sealer's is the server's affair."""
    own = [part for part in mine if part != found.sealer]
    return own[0] if own else ""


def _next(found: RecordedDraw) -> str:
    """What happens next, in one sentence."""
    if found.state == rules.COMMITTED and found.public_source and not rules.missing(found) and not found.public:
        return gettext("The evaluator enters the public value from the source named before.")
    return {
        rules.PLANNED: gettext(
            "Each party deposits its commitment. Nobody reveals a secret before all commitments are in."
        ),
        rules.COMMITTED: gettext("The parties reveal their secrets. The sealed one stays closed."),
        rules.REVEALED: gettext(
            "The list is drawn when the visit starts. Until then nobody can compute it: one secret is sealed."
        ),
        rules.OPENED: gettext("The records are looked up. All parties see seed and list after the last visit."),
        rules.VOID: gettext("Nothing is drawn. If it is still needed, two organisations agree to a redraw."),
    }[found.state]


@blueprint.get("/draw-planner")
@requires("draws.follow")
@way("desk", N_("How many to draw"), "draws.follow", heading=N_("Tools"), order=62)
def draw_planner() -> Response:
    """How many to draw. Nothing is kept: the question stands in the address."""
    goal = request.args.get("goal", "")
    answer, errors, status = None, [], 200
    if goal:
        try:
            answer = draw_planning.plan(goal, planner_values(goal, request.args))
        except Refused as refused:
            errors, status = told(refused), status_of(refused)
    given = {name: request.args.get(name, "") for name in PLANNER_FIELDS}
    return page("inspect/draw_planner.html", status, goal=goal, answer=answer, errors=errors, given=given)


def told(refused: Refused) -> list[str]:
    """The refusal in sentences."""
    if not refused.faults:
        return [message(refused)]
    return [f"{_field(fault.field)}: {fault_text(fault)}" for fault in refused.faults]


def _field(field: str) -> str:
    fields = {
        "commitment": gettext("Commitment"),
        "secret": gettext("Secret"),
        "value": gettext("Public value"),
        "reason": gettext("Reason"),
        "population": gettext("Length of the list"),
        "tolerable": gettext("Tolerable error rate"),
        "risk": gettext("Risk"),
        "expected": gettext("Expected rate"),
        "edge": gettext("Rate at the boundary"),
        "distance": gettext("Points to the boundary"),
        "points": gettext("Points of this rate"),
        "response": gettext("Expected response"),
        "plan.stages": gettext("Stages"),
        "n": gettext("How many in all"),
        "commit_by": gettext("Commitments until"),
        "reveal_by": gettext("Secrets until"),
    }
    return fields.get(field, field)
