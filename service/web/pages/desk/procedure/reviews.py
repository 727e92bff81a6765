"""The desk's pages of reviews: the group and its notes, the result under review, the decision and a look before."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _

from schemas.procedure.reviews import DecisionFormSchema, PanelSchema, ReviewNoteSchema
from service.domain.evaluate.corrections import FIXED, id_of_piece
from service.domain.procedure import reviews as rules
from service.domain.procedure.appeals import ACCEPTED
from service.domain.procedure.cases import OUTCOMES
from service.domain.procedure.groups import CATEGORIES
from service.operations import organisations
from service.operations.procedure import appeals, reviews
from service.operations.procedure.reviews import Picked, Reviewed
from service.web import csrf
from service.web.auth import actor, now, requires
from service.web.pages.desk.forms import NOTHING, Field, Form
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.procedure.act_pages import act_page
from service.web.pages.desk.procedure.appeals import DOCUMENT, step, steps_to
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import WORDS, local, word

PANEL = Form(
    PanelSchema,
    (
        Field(
            "members",
            N_("Members"),
            "rows",
            N_("Nobody who scored, visited or led in this round, and nobody of the provider. Who is barred is named."),
            rows=(
                Field("name", N_("Name")),
                Field("user", N_("Account"), "choice"),
                Field("organisation", N_("Organisation")),
                Field("category", N_("As"), "choice"),
            ),
            spare=3,
        ),
    ),
)
NOTE = Form(ReviewNoteSchema, (Field("text", N_("Note"), "long", N_("Only the group and the body read it."), lines=6),))
DECIDE = Form(
    DecisionFormSchema,
    (
        Field("outcome", N_("What the group decided"), "choice"),
        Field("reasons", N_("Reasons"), "long", N_("The parties read them."), lines=6),
        Field(
            "edits",
            N_("Corrections of the evidence"),
            "rows",
            N_("Chosen on the page of the review. Each has its reason."),
            rows=(
                Field("target", N_("What is corrected"), "choice"),
                Field("value", N_("New value")),
                Field("reason", N_("Reason")),
            ),
            spare=0,
        ),
        Field(
            "scheme_change",
            N_("The scheme itself is wrong"),
            "check",
            N_("Nothing is corrected then; the review is concluded once the changed scheme is served."),
        ),
        DOCUMENT,
    ),
)
LONGEST_SHOWN = 60


@way("desk", N_("My reviews"), "reviews.read", heading=N_("Work"), order=41, endpoint="my_reviews")
@blueprint.get("/reviews", endpoint="my_reviews")
@requires("reviews.read")
def list_reviews() -> Response:
    """The appeals that the reader reviews: who sits in a group may have no part in the project itself."""
    return page("procedure/my_reviews.html", found=reviews.mine(actor()))


@blueprint.get("/appeals/<id>/review")
@requires("reviews.read")
def review(id: str) -> Response:
    """The group, its notes, and the frozen result with the evidence that could be corrected."""
    there = appeals.get(actor(), id)
    found = reviews.get(actor(), id)
    seen = reviews.reviewed(actor(), id)
    return page(
        "procedure/review.html",
        one=there,
        review=found,
        seen=seen,
        pieces=list(_pieces(seen)),
        path=[(_("Appeal"), url_for("desk.appeal", id=id))],
        open=there.state == ACCEPTED,
        decides=reviews.may_decide(actor(), found),
        people=organisations.colleagues(actor()),
    )


def _pieces(seen: Reviewed) -> list[dict[str, Any]]:
    """Each piece of evidence with its fields that can be corrected: (address of the field, its name, its value)."""
    labels, judged = _labels(seen.tree), Counter[str]()
    told = WORDS["evidence_field"]

    def who(piece: Mapping[str, Any]) -> str:
        if "rater" not in piece:
            return ""
        judged[piece["node"]] += 1  # who reviews need not know by name who scored
        return _("Scorer %(number)s", number=judged[piece["node"]])

    return [
        {
            "kind": kind,
            "label": local(labels.get(piece["node"])) or piece["node"],
            "who": who(piece),
            "fields": [
                ("|".join((kind, piece["node"], id_of_piece(piece), name)), name, value)
                for name, value in piece.items()
                if name in told and name not in FIXED and name != "rater"
                if isinstance(value, str | int | bool) and len(str(value)) <= LONGEST_SHOWN
            ],
        }
        for kind, pieces in seen.evidence.items()
        for piece in pieces
        if kind != "panels"
    ]


@blueprint.app_template_filter("evidence_value")
def value_told(value: Any, name: str) -> str:
    """A value of the evidence as people read it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    family = {"decision": "decision", "unverified": "correction"}.get(name)
    return word(family, value) if family else str(value)


def _labels(tree: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    found: dict[str, Mapping[str, str]] = {}
    open_ = [*tree.get("standards", ())]
    while open_:
        node = open_.pop()
        found[node["id"]] = node["label"]
        open_ += node.get("children", ())
    return found


@blueprint.route("/appeals/<id>/panel", methods=["GET", "POST"])
@requires("appeals.decide")
def appoint_panel(id: str) -> Response:
    """Appoint the group, or another one before it has decided."""
    there = reviews.appointed(actor(), id)
    names = {one.id: one.name for one in organisations.organisations(actor())}
    offered = reviews.accounts(actor(), id)
    users = {"": "–"} | {one.id: f"{one.username} ({names[one.organisation]})" for one in offered}
    users |= {one["user"]: one["name"] for one in there.members if one["user"]} if there else {}
    form = PANEL.having(
        {
            "members.user": [(key, name) for key, name in users.items() if key],
            "members.category": [(one, word("reviewer_category", one)) for one in CATEGORIES],
        }
    )
    return step(
        id,
        "appeals.decide",
        form,
        (_("Group that reviews the appeal"), _("Appoint the group")),
        lambda values, version: reviews.appoint(actor(), now(), id, values["members"], version or None),
        values=there,
        version=there.version if there else None,
        lead=_("At least two persons, unless the scheme says otherwise. Who has no account is entered by name."),
        done=N_("The group is appointed."),
    )


@blueprint.route("/appeals/<id>/notes", methods=["GET", "POST"])
@requires("reviews.read")
def note_in_review(id: str) -> Response:
    """Write something down that only the group reads."""
    there = reviews.get(actor(), id)
    back = url_for("desk.review", id=id)
    return act_page(
        NOTE,
        (_("Note of the group"), _("Keep the note")),
        [(_("Review"), back)],
        lambda values, version: reviews.note(actor(), now(), id, version, values["text"]),
        lambda _made: back,
        version=there.version,
    )


@blueprint.route("/appeals/<id>/decision", methods=["GET", "POST"])
@requires("appeals.decide")
def decide_appeal(id: str) -> Response:
    """What the group decided: looked at before it is final."""
    there = appeals.get(actor(), id, "appeals.decide")
    seen = reviews.reviewed(actor(), id)
    form, values = _decision(seen, [*request.args.getlist("edit"), *_posted_targets()])
    words = (_("Decision of the review"), _("Look at what changes"))

    def decide(values: dict[str, Any], version: int) -> Any:
        picked = [_picked(one) for one in values["edits"]]
        edits = reviews.edits(actor(), id, picked)
        rules.check_decision(values["outcome"], values["reasons"], edits, values["scheme_change"])
        if "sure" not in request.form:
            return _preview(id, values, reviews.preview(actor(), id, edits) if edits else [])
        said = (values["outcome"], values["reasons"], edits, values["document"], values["scheme_change"])
        return reviews.decide(actor(), now(), id, version, *said)

    return step(
        id,
        "appeals.decide",
        form,
        words,
        decide,
        values=values,
        version=there.version,
        done=N_("Decided. The result is final, unless another appeal is open or the scheme has to change."),
    )


def _picked(row: Mapping[str, str]) -> Picked:
    kind, node, id, field = row["target"].split("|")
    return Picked(kind, node, id, field, row["value"], row["reason"])


def _decision(seen: Reviewed, wanted: Sequence[str]) -> tuple[Form, dict[str, Any]]:
    """The form with the corrections that were chosen, and their present values in it."""
    options, edits = [], []
    for piece in _pieces(seen):
        for target, name, value in piece["fields"]:
            if target in wanted:
                told = " · ".join(part for part in (piece["label"], piece["who"], word("evidence_field", name)) if part)
                options.append((target, f"{told} ({value_told(value, name)})"))
                edits.append({"target": target, "value": str(value), "reason": ""})
    outcomes = [(one, word("outcome", one)) for one in OUTCOMES]
    return DECIDE.having({"outcome": outcomes, "edits.target": options}), {"edits": edits}


def _posted_targets() -> list[str]:
    return [text for name, text in request.form.items() if name.startswith("edits.") and name.endswith(".target")]


def _preview(id: str, values: Mapping[str, Any], differences: Sequence[Any]) -> Response:
    there = appeals.get(actor(), id)
    return page(
        "procedure/decision_preview.html",
        one=there,
        values=values,
        differences=differences,
        carried=[(name, text) for name, text in request.form.items(multi=True) if name != csrf.FIELD],
        path=[*steps_to(there), (_("Review"), url_for("desk.review", id=id))],
    )


@blueprint.route("/appeals/<id>/conclusion", methods=["GET", "POST"])
@requires("appeals.decide")
def conclude_appeal(id: str) -> Response:
    """After a review that changed the scheme."""
    return step(
        id,
        "appeals.decide",
        NOTHING,
        (_("Conclude the review"), _("Conclude it")),
        lambda _values, version: reviews.conclude(actor(), now(), id, version),
        consequences=(_("The result under the served scheme is what the review came to, and it is final."),),
        done=N_("Concluded."),
    )
