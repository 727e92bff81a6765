"""The desk's pages of publications: drafts, three signatures, what the public reads, and the withdrawal."""

from dataclasses import replace
from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _

from schemas.procedure.publications import PublicationSchema, PublicationStepSchema
from service.domain.evaluate.rounds import FINAL, PUBLISHED
from service.domain.procedure import publications as rules
from service.domain.procedure.publications import Publication
from service.operations import organisations
from service.operations.evaluate import rounds
from service.operations.procedure import publications
from service.operations.procedure.publications import Draft
from service.web.auth import actor, now, requires
from service.web.extensions import settings
from service.web.pages import published_results
from service.web.pages.desk.forms import Field, Form
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.procedure.act_pages import act_page, leads, round_steps
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import word

DRAFT = Form(
    PublicationSchema,
    (
        Field("id", "", "new_id"),
        Field(
            "disclosure",
            N_("Disclosure"),
            "choice",
            N_("Open by itself, given on request, or exempt. What is exempt is signed and never published."),
        ),
        Field("legal_basis", N_("Legal basis"), "long", N_("The public reads it."), lines=3),
        Field("note", N_("Note for the public"), "long", N_("No names, no telephone numbers.")),
    ),
)
SIGN = Form(PublicationStepSchema, (Field("looked_for", N_("I have looked for these, and found none"), "choices"),))
REASON = Form(PublicationStepSchema, (Field("reason", N_("Reason"), "long", required=True),))
NOTHING_STATE = Form(PublicationStepSchema)
# What is said before each step: title, button, what follows.
_SIGNED = {
    rules.OFFICE_HEAD: (N_("Sign as head of the office"), N_("Sign")),
    rules.APPROVED: (N_("Approve as head of the unit"), N_("Approve")),
}


@blueprint.get("/rounds/<id>/publications")
@requires("publications.read")
@way("round", N_("Publication"), "publications.read", heading=N_("Outcome"), order=80)
def publications_of_round(id: str) -> Response:
    """Drafts and publications of a round, the latest first."""
    round = rounds.get(actor(), id, "publications.read")
    found = sorted(publications.of_round(actor(), id), key=lambda one: (one.drafted_at, one.id), reverse=True)
    live = any(one.state in rules.LIVE for one in found)
    return page(
        "procedure/publications.html",
        round=round,
        found=found,
        path=round_steps(round),
        drafts=leads(round) and round.state in (FINAL, PUBLISHED) and not live,
        final=round.state in (FINAL, PUBLISHED),
        returned=next((one for one in found if one.state == rules.RETURNED), None),
    )


@blueprint.route("/rounds/<id>/publications/new", methods=["GET", "POST"])
@requires("publications.write")
def draft_publication(id: str) -> Response:
    """Write down what the public would read."""
    round = rounds.get(actor(), id, "publications.write")
    path = [*round_steps(round), (_("Publication"), url_for("desk.publications_of_round", id=id))]
    return act_page(
        _draft_form(),
        (_("Draft a publication"), _("Draft it")),
        path,
        lambda values, _version: publications.draft(actor(), now(), id, Draft(**values)),
        _address,
        lead=_("The content follows from the frozen result. Figures of few persons are left out by themselves."),
    )


def _draft_form() -> Form:
    return DRAFT.having({"disclosure": [(one, word("disclosure", one)) for one in rules.CLASSES]})


def _address(made: Publication) -> str:
    return url_for("desk.publication", id=made.id)


@blueprint.get("/publications/<id>")
@requires("publications.read")
def publication(id: str) -> Response:
    """One publication: where it stands, who signed, what the public would read."""
    there, content = publications.one(actor(), id)
    round = rounds.get(actor(), there.round)
    return page(
        "procedure/publication.html",
        one=there,
        content=content,
        round=round,
        path=[*round_steps(round), (_("Publication"), url_for("desk.publications_of_round", id=round.id))],
        steps=rules.STEPS.get(there.state, ()) if leads(round) else (),
        people=organisations.colleagues(actor()),
        withheld=there.withheld,
        public_address=settings().base_url.rstrip("/") + url_for("public_results.one", id=id),
    )


@blueprint.get("/publications/<id>/preview")
@requires("publications.read")
def preview_publication(id: str) -> Response:
    """The public's own page, as it would be."""
    there, content = publications.one(actor(), id)
    shown = there if there.published_at else replace(there, published_at=now())
    answer = published_results.shown(content, shown, "results/preview.html")
    answer.headers["Cache-Control"] = "no-store"  # it is not public yet
    return answer


def _step(id: str, to: str, form: Form, words: tuple[str, str], **more: Any) -> Response:
    there, _content = publications.one(actor(), id)
    round = rounds.get(actor(), there.round)
    path = [*round_steps(round), (_("Publication"), url_for("desk.publication", id=id))]

    def move(values: dict[str, Any], version: int) -> Publication:
        looked_for, reason = tuple(values.get("looked_for", ())), values.get("reason", "")
        return publications.move(actor(), now(), id, to, version, looked_for, reason)

    return act_page(form.having(fixed={"state": to}), words, path, move, _address, version=there.version, **more)


@blueprint.route("/publications/<id>/signature/<any(office_head, approved):to>", methods=["GET", "POST"])
@requires("publications.write")
def sign_publication(id: str, to: str) -> Response:
    """Sign as one of the two heads, having looked for secrets."""
    title, button = _SIGNED[to]
    secrets = {"looked_for": [(one, word("secret", one)) for one in rules.SECRETS]}
    return _step(
        id,
        to,
        SIGN.having(secrets),
        (_(title), _(button)),
        lead=_("Drafter, head of the office and head of the unit are three persons."),
        done=N_("Signed."),
    )


@blueprint.route("/publications/<id>/return", methods=["GET", "POST"])
@requires("publications.write")
def return_publication(id: str) -> Response:
    """Give it back: a new draft is needed then."""
    return _step(
        id,
        rules.RETURNED,
        REASON,
        (_("Return the draft"), _("Return it")),
        consequences=(_("The signatures fall. It can be drafted anew, with other words."),),
        done=N_("Returned."),
    )


@blueprint.route("/publications/<id>/edit", methods=["GET", "POST"])
@requires("publications.write")
def edit_publication(id: str) -> Response:
    """Other words: a new draft takes the place of this one, and is signed anew."""
    there, content = publications.one(actor(), id)
    round = rounds.get(actor(), there.round)
    path = [*round_steps(round), (_("Publication"), url_for("desk.publication", id=id))]
    values = {name: content[name] for name in ("disclosure", "legal_basis", "note")}
    return act_page(
        _draft_form(),
        (_("Change the draft"), _("Draft it anew")),
        path,
        lambda values, version: publications.redraft(actor(), now(), id, version, Draft(**values)),
        _address,
        values=values,
        version=there.version,
        lead=_("A draft never changes: a new one takes its place, and signatures that it had fall."),
    )


@blueprint.route("/publications/<id>/publishing", methods=["GET", "POST"])
@requires("publications.write")
def publish_result(id: str) -> Response:
    """Before the public."""
    return _step(
        id,
        rules.PUBLISHED,
        NOTHING_STATE,
        (_("Publish the result"), _("Publish it")),
        consequences=(
            _("Everybody reads it at its permanent address, exactly as the preview shows it."),
            _("It can be withdrawn, but not unread; what was published before of this round gives way."),
        ),
        done=N_("Published."),
    )


@blueprint.route("/publications/<id>/withdrawal", methods=["GET", "POST"])
@requires("publications.write")
def withdraw_publication(id: str) -> Response:
    """Take it from the public; its address keeps the reason."""
    return _step(
        id,
        rules.WITHDRAWN,
        REASON,
        (_("Withdraw the publication"), _("Withdraw it")),
        consequences=(
            _("Its address stays and shows nothing but the day and the reason that you write here."),
            _("In the provider's history a line stays, with the reason alone."),
        ),
        done=N_("Withdrawn."),
    )
