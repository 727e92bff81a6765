"""The desk's page of free text: read by question, site and tag; tags are put on many texts at once."""

from collections.abc import Sequence
from typing import Any

import marshmallow
from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from schemas.collect.texts import TaggingSchema
from service.domain.errors import Refused, invalid
from service.operations import projects
from service.operations.collect import campaigns, texts
from service.operations.collect.texts import UNTAGGED
from service.operations.inspect import themes
from service.web.auth import actor, now, requires
from service.web.errors import fault_text, status_of
from service.web.pages.desk.evaluate.evidence import cursor
from service.web.pages.desk.home import blueprint, message, page
from service.web.pages.desk.ways import N_, way

PAGE_SIZE = 30
ASKED = ("question", "tag", "site")


@way("campaign", N_("Free text, with tags"), "responses.read", heading=N_("Answers"), order=12, endpoint="texts")
@blueprint.get("/campaigns/<id>/texts", endpoint="texts")
@requires("responses.read")
def read_texts(id: str) -> Response:
    """A page of what people wrote; question, tag and site stand in the address."""
    return _page(id, {name: request.args.get(name, "")[:80] for name in ASKED}, cursor())


@blueprint.post("/campaigns/<id>/texts")
@requires("responses.write")
def tag_texts(id: str) -> Response | Redirect:
    """Put the tag on the chosen texts or take it off them, and go back to the same page."""
    form = request.form
    asked = {name: form.get(f"at.{name}", "")[:80] for name in ASKED}
    chosen = form.getlist("responses")
    sent = {
        "question": asked["question"],
        "tag": form.get("new_tag", "").strip() or form.get("known_tag", ""),
        "responses": chosen,
        "remove": form.get("act") == "remove",
    }
    at = cursor(form.get("at.cursor", "0"))
    try:
        changed = texts.tag(actor(), now(), id, **_loaded(sent))
    except Refused as refused:
        if refused.reason not in ("invalid", "not_found") or not refused.faults and refused.reason == "invalid":
            raise
        told = [fault_text(fault) for fault in refused.faults] or [message(refused)]
        return _page(id, asked, at, status_of(refused), told, chosen)
    where: dict[str, Any] = {**asked, "cursor": at, "changed": changed}
    return redirect(url_for("desk.texts", id=id, **where), 303)


def _loaded(sent: dict[str, Any]) -> dict[str, Any]:
    if not sent["responses"]:
        raise invalid("responses", "Please choose one text or more.")
    if not sent["tag"]:
        raise invalid("tag", "Please name a tag.")
    try:
        loaded: dict[str, Any] = TaggingSchema().load(sent)
    except marshmallow.ValidationError as error:
        field = str(next(iter(error.normalized_messages())))
        raise invalid(field, "This tag cannot be used: at most 40 characters.") from None
    return loaded


def _page(
    id: str,
    asked: dict[str, str],
    at: int,
    status: int = 200,
    errors: Sequence[str] = (),
    chosen: Sequence[str] = (),
) -> Response:
    campaign = campaigns.get(actor(), id, "responses.read")
    questions = texts.questions(actor(), id)
    values: dict[str, Any] = {"found": None, "tags": {}, "written": 0}
    if questions:
        known = {question.id: count for question, count in questions}
        asked = asked | {"question": asked["question"] or questions[0][0].id}
        found = texts.page(actor(), id, asked["question"], at, PAGE_SIZE, asked["tag"], asked["site"])
        tags = texts.tags(actor(), id, asked["question"])
        allowing = themes.allowing(actor(), id, [one.response for one in found.texts])
        values = {"found": found, "tags": tags, "written": known[asked["question"]], "allowing": allowing}
    sites = {site.id: site.name for site in projects.sites(actor(), campaign.project) if site.id in campaign.sites}
    return page(
        "collect/texts.html",
        status,
        campaign=campaign,
        project=projects.project(actor(), campaign.project),
        questions=[question for question, _ in questions],
        asked=asked,
        at=at,
        sites=sites,
        untagged=UNTAGGED,
        errors=errors,
        chosen=frozenset(chosen),
        changed=_changed(),
        **values,
    )


def _changed() -> int | None:
    """How many texts the act before this page has changed."""
    told = request.args.get("changed", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 4 else None
