"""The desk's page of codes: a batch is made and delivered in one go, voided, counted, reconciled."""

import secrets
from dataclasses import replace
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext

from schemas.collect.batches import CountSchema, VoidSchema
from schemas.collect.tickets import FORMS
from service.domain.collect.batches import Count, Reconciled
from service.domain.collect.campaigns import FINAL
from service.domain.collect.tickets import POSTER, SLIP, Batch
from service.domain.errors import Fault, Refused
from service.domain.modes import DISTRIBUTIONS
from service.domain.projects import sessions_of
from service.operations import projects
from service.operations.collect import batches, campaigns, sheets, tickets
from service.operations.inspect import frames
from service.web.auth import actor, now, requires
from service.web.errors import fault_text, status_of
from service.web.extensions import keys
from service.web.pages.desk.forms import Field, Form, ShownForm, confirm_page, form_page, save
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way
from service.web.printing import delivery, words

SPOILT_BY_US = "the sheet could not be made, and its codes were shown to nobody"
WHY = {
    "not_over": "known once nobody can answer any more",
    "too_few": "not told of fewer than ten slips",
    "not_a_slip": "counted for slips only",
    "not_counted": "no longer known",
}
VOID = Form(VoidSchema, (Field("reason", N_("Reason")),))
COUNT = Form(
    CountSchema,
    (
        Field("handed_out", N_("Handed out"), "number"),
        Field("spoilt", N_("Spoilt"), "number"),
        Field("returned", N_("Given back"), "number"),
    ),
)


@blueprint.get("/campaigns/<id>/slips")
@requires("tickets.write")
@way("campaign", N_("Codes in print"), "tickets.write", heading=N_("Control"), order=32)
def slips(id: str) -> Response:
    """What was printed and what became of it, and the form for more."""
    return _shown(id)


@blueprint.post("/campaigns/<id>/slips")
@requires("tickets.write")
def print_slips(id: str) -> Response:
    """Make a batch and hand over its sheet, the only time that its codes are seen."""
    form = request.form.get("form", "")
    try:
        if form not in FORMS:
            raise Refused("invalid", [Fault("form", "not_an_option", {"value": form, "options": ", ".join(FORMS)})])
        batch = _asked(id, form)
        languages = [name for name in request.form.getlist("languages") if name]
        delivery.check(sheets.blank(actor(), batch), form, languages, batch.count)
        made, codes = tickets.create_batch(actor(), now(), batch, keys()[0])
    except Refused as refused:
        return _shown(id, refused)
    try:
        return delivery.deliver(sheets.blank(actor(), made, codes), form, languages)
    except Exception:
        batches.void(actor(), now(), id, made.id, SPOILT_BY_US, made.version)
        raise


@blueprint.get("/campaigns/<id>/slips/<batch>/void")
@requires("tickets.write")
def ask_void(id: str, batch: str) -> Response:
    """What it means to take a batch out of use."""
    there = batches.get(actor(), id, batch, "tickets.write")
    return _void_page(there, VOID.shown(version=there.version))


@blueprint.post("/campaigns/<id>/slips/<batch>/void")
@requires("tickets.write")
def void_slips(id: str, batch: str) -> Response:
    """Take it out of use."""
    there = batches.get(actor(), id, batch, "tickets.write")

    def act(values: dict[str, Any], version: int) -> Any:
        return batches.void(actor(), now(), id, batch, values["reason"], version)

    def again(shown: ShownForm, status: int) -> Response:
        return _void_page(there, shown, status)

    return save(VOID, act, to=lambda _: url_for("desk.slips", id=id), again=again, done=N_("Voided."))


def _void_page(batch: Batch, shown: ShownForm, status: int = 200) -> Response:
    consequences = (
        gettext("Slips that were not used will be turned away for ever. What was accepted stays."),
        gettext("Nobody can put these codes into use again."),
    )
    back, title = url_for("desk.slips", id=batch.campaign), gettext("Void these codes")
    return confirm_page(f"{title}: {batch.id}", shown, title, consequences, _path(batch.campaign), status, back)


@blueprint.get("/campaigns/<id>/slips/<batch>/count")
@requires("tickets.write")
def ask_count(id: str, batch: str) -> Response:
    """What people counted of a batch."""
    there = batches.get(actor(), id, batch, "tickets.write")
    return _count_page(there, COUNT.shown(there))


@blueprint.post("/campaigns/<id>/slips/<batch>/count")
@requires("tickets.write")
def count_slips(id: str, batch: str) -> Response:
    """Enter it."""
    there = batches.get(actor(), id, batch, "tickets.write")

    def act(values: dict[str, Any], version: int) -> Any:
        return batches.count(actor(), now(), id, batch, Count(**values), version, keys())

    def again(shown: ShownForm, status: int) -> Response:
        return _count_page(there, shown, status)

    def current() -> tuple[Batch, int]:
        stored = batches.get(actor(), id, batch, "tickets.write")
        return stored, stored.version

    return save(COUNT, act, to=lambda _: url_for("desk.slips", id=id), again=again, current=current)


def _count_page(batch: Batch, shown: ShownForm, status: int = 200) -> Response:
    lead = gettext("Printed: %(count)s.", count=batch.count)
    title = f"{gettext('Count')}: {batch.id}"
    return form_page(title, shown, gettext("Save"), _path(batch.campaign), status, lead)


def _path(campaign: str) -> list[tuple[str, str]]:
    found = campaigns.get(actor(), campaign, "tickets.write")
    listed = (gettext("Codes in print"), url_for("desk.slips", id=campaign))
    return [(found.name, url_for("desk.campaign", id=campaign)), listed]


def _asked(campaign: str, form: str) -> Batch:
    site, _, session = request.form.get("place", "").partition("/")
    poster = form.startswith(POSTER)
    batch = Batch(
        id=secrets.token_hex(8),
        campaign=campaign,
        kind=POSTER if poster else SLIP,
        site=site,
        session=session,
        distribution=POSTER if poster else request.form.get("distribution", ""),
        count=_number("count"),
        key_id=keys()[0].id,
        created_at=now(),
        created_by=actor().id,
        frame=request.form.get("frame", "").strip(),
    )
    return replace(batch, grace_minutes=_number("grace_minutes") if session else 0)


def _number(name: str) -> int:
    text = request.form.get(name, "").strip() or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise Refused("invalid", [Fault(name, "wrong_type", {"expected": "a whole number"})])
    return int(text)


def _shown(id: str, refused: Refused | None = None) -> Response:
    found = campaigns.get(actor(), id, "tickets.write")
    sites = {site.id: site for site in projects.sites(actor(), found.project) if site.id in found.sites}
    places = [(site, sessions_of(site).values()) for site in sites.values()]
    values = {
        "campaign": found,
        "final": campaigns.state(id) == FINAL,
        "sites": {id: site.name for id, site in sites.items()},
        "sessions": {(site.id, each.id): each.name for site, some in places for each in some},
        "places": [(site, [each for each in some if each.timed]) for site, some in places],
        "distributions": [code for code in DISTRIBUTIONS if code != POSTER],
        "frames": frames.of_project(actor(), found.project),
        "reconciled": sorted(batches.reconciliation(actor(), now(), id, keys()), key=_newest),
        "why": WHY,
        "chosen": request.form.getlist("languages") or words.usual(found.languages),
        "problems": _problems(refused) if refused else [],
        "typed": request.form if request.method == "POST" else {},
    }
    return page("collect/slips.html", status_of(refused) if refused else 200, **values)


def _problems(refused: Refused) -> list[str]:
    message = gettext(refused.entry.message).format(
        **{name: gettext(value) if name == "noun" else value for name, value in refused.params.items()}
    )
    return [f"{fault.field}: {fault_text(fault)}" for fault in refused.faults] or [message]


def _newest(one: Reconciled) -> float:
    return -one.batch.created_at.timestamp()
