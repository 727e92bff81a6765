"""The desk's page of codes: a batch is made and delivered in one go, voided, counted, reconciled."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Response, url_for
from flask_babel import gettext

from schemas.collect.batches import CountSchema, VoidSchema
from schemas.collect.tickets import PrintedBatchSchema
from service.domain.collect.batches import Count, Reconciled
from service.domain.collect.campaigns import FINAL, Campaign
from service.domain.collect.tickets import POSTER, Batch
from service.domain.modes import DISTRIBUTIONS
from service.domain.projects import Session, Site, sessions_of
from service.operations import projects
from service.operations.collect import batches, campaigns, sheets, tickets
from service.operations.inspect import frames
from service.web.auth import actor, now, requires
from service.web.extensions import keys
from service.web.languages import NAMES
from service.web.pages.desk.forms import Field, Form, ShownForm, confirm_page, form_page, save
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import moment, word
from service.web.printing import delivery, words

SPOILT_BY_US = "the sheet could not be made, and its codes were shown to nobody"
WHY = {
    "not_over": "known once nobody can answer any more",
    "too_few": "not told of fewer than ten slips",
    "not_a_slip": "counted for slips only",
    "not_counted": "no longer known",
}
PRINT = Form(
    PrintedBatchSchema,
    (
        Field("place", N_("Site and session"), "choice", required=True, also=("site", "session")),
        Field("distribution", N_("Handed out to"), "choice"),
        Field("frame", N_("List that the persons were drawn from (for drawn persons only)"), "choice"),
        Field("count", N_("How many"), "number"),
        Field("grace_minutes", N_("Minutes after the end of the session in which the codes still work"), "number"),
        Field("languages", N_("Languages, at most two"), "choices"),
        Field(
            "form",
            N_("Print as"),
            "choice",
            choices=(
                ("slips.pdf", N_("Slips, PDF")),
                ("slips.html", N_("Slips, to print from the browser")),
                ("poster.pdf", N_("Poster, PDF")),
                ("poster.html", N_("Poster, to print from the browser")),
                ("invitations.csv", N_("Links for text messages, CSV")),
            ),
        ),
    ),
)
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
    found = campaigns.get(actor(), id, "tickets.write")
    begun = {"count": 24, "grace_minutes": 30, "languages": words.usual(found.languages), "form": "slips.pdf"}
    return _page(found, _print_form(found).shown(begun))


@blueprint.post("/campaigns/<id>/slips")
@requires("tickets.write")
def print_slips(id: str) -> Response:
    """Make a batch and hand over its sheet, the only time that its codes are seen."""
    found = campaigns.get(actor(), id, "tickets.write")

    def act(values: dict[str, Any], version: int) -> Response:
        form, languages = values.pop("form"), values.pop("languages")
        batch = Batch(
            **values,
            id=secrets.token_hex(8),
            campaign=id,
            key_id=keys()[0].id,
            created_at=now(),
            created_by=actor().id,
        )
        tickets.check(batch, found.sites)
        return _printed(batch, form, languages)

    def again(shown: ShownForm, status: int) -> Response:
        return _page(found, shown, status)

    return save(_print_form(found), act, to=lambda _: url_for("desk.slips", id=id), again=again)


def _printed(batch: Batch, form: str, languages: list[str]) -> Response:
    delivery.check(sheets.blank(actor(), batch), form, languages, batch.count)
    made, codes = tickets.create_batch(actor(), now(), batch, keys()[0])
    try:
        return delivery.deliver(sheets.blank(actor(), made, codes), form, languages)
    except Exception:
        batches.void(actor(), now(), batch.campaign, made.id, SPOILT_BY_US, made.version)
        raise


def _print_form(campaign: Campaign) -> Form:
    places = []
    for site, sessions in _places(campaign):
        places.append((site.id, site.name))
        timed = [each for each in sessions if each.timed]
        places += [(f"{site.id}/{one.id}", f"{site.name} · {one.name} ({_at(one.starts_at)})") for one in timed]
    lists = frames.of_project(actor(), campaign.project)
    return PRINT.having(
        {
            "place": places,
            "distribution": [(code, word("distribution", code)) for code in DISTRIBUTIONS if code != POSTER],
            "frame": [(one.id, f"{one.name} ({len(one.serials)})") for one in lists],
            "languages": [(code, NAMES[code]) for code in campaign.languages if code in NAMES],
        }
    )


def _at(at: datetime | None) -> str:
    return moment(at).striptags() if at else ""


def _places(campaign: Campaign) -> list[tuple[Site, Sequence[Session]]]:
    sites = projects.sites(actor(), campaign.project)
    return [(site, list(sessions_of(site).values())) for site in sites if site.id in campaign.sites]


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


def _page(found: Campaign, shown: ShownForm, status: int = 200) -> Response:
    places = _places(found)
    return page(
        "collect/slips.html",
        status,
        campaign=found,
        shown=shown,
        final=campaigns.state(found.id) == FINAL,
        sites={site.id: site.name for site, _ in places},
        sessions={(site.id, each.id): each.name for site, some in places for each in some},
        reconciled=sorted(batches.reconciliation(actor(), now(), found.id, keys()), key=_newest),
        why=WHY,
    )


def _newest(one: Reconciled) -> float:
    return -one.batch.created_at.timestamp()
