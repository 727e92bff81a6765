"""The desk's pages of releases: made by the evaluator, once and for ever; read by everybody else in its place."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _
from marshmallow import fields, validate

from schemas.collect.releases import ReleaseRequestSchema
from service.domain.collect.campaigns import DRAFT
from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.release_units import BOTH, EVERYBODY, HIGHEST, LOWEST, MINIMUM, WITH, WITHOUT
from service.domain.collect.releases import ReleaseRequest
from service.operations import projects
from service.operations.collect import campaigns, questionnaires, releases
from service.web.auth import actor, now, requires
from service.web.pages.answer_texts import item_label, option_label
from service.web.pages.desk.collect.campaigns import dimensions, site_names, value_label
from service.web.pages.desk.forms import Field, Form, ShownForm, confirm_page, save
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import word

JOINED = "+"  # between two dimensions of one table, in the value of its box


class MakeReleaseSchema(ReleaseRequestSchema):
    """As over the API; a table is one box to tick, its dimensions joined by +."""

    tables = fields.List(fields.String(validate=validate.Length(max=200)), load_default=list)  # type: ignore[arg-type]


FORM = Form(
    MakeReleaseSchema,
    (
        Field("id", "", "new_id"),
        Field("scale", N_("Question"), "choice"),
        Field("tables", N_("Tables beside the total"), "choices", N_("At most five; the first ones are kept finest.")),
        Field("marked", N_("Answers with quality marks that were excluded"), "choice"),
        Field("minimum", N_("Smallest group that may be told"), "number"),
        Field("everybody", N_("Smallest group in which all may have answered alike"), "number"),
    ),
)


@way("campaign", N_("Releases"), "releases.read", heading=N_("Figures"), order=22, endpoint="releases")
@blueprint.get("/campaigns/<id>/releases", endpoint="releases")
@requires("releases.read")
def list_releases(id: str) -> Response:
    """All of them, the newest first."""
    found = releases.listing(actor(), id)
    campaign = campaigns.get(actor(), id, "releases.read")
    return page(
        "collect/releases.html",
        campaign=campaign,
        project=projects.project(actor(), campaign.project),
        releases=list(reversed(found)),
        opened=campaigns.state(id) != DRAFT,
    )


@blueprint.get("/campaigns/<id>/releases/<int:number>", endpoint="release")
@requires("releases.read")
def show_release(id: str, number: int) -> Response:
    """One release as far as this reader may see it."""
    found, content = releases.one(actor(), id, number)
    campaign = campaigns.get(actor(), id, "releases.read")
    questionnaire, sites = questionnaires.of_campaign(id), site_names(campaign)
    named = dimensions(questionnaire)
    asked = content.get("asked", {}).get("scale", "")
    return page(
        "collect/release.html",
        campaign=campaign,
        project=projects.project(actor(), campaign.project),
        release=found,
        content=content,
        named=named,
        tables=[_table(questionnaire, asked, one, named, sites) for one in content.get("tables", ())],
        sites=sites,
    )


def _table(
    questionnaire: Questionnaire,
    scale: str,
    table: Mapping[str, Any],
    named: Mapping[str, str],
    sites: Mapping[str, str],
) -> dict[str, Any]:
    """A table of a release in the reader's words: a row a group and layer, for each item its counts by level."""
    declared = questionnaire.scales[scale]
    items = [item for item in declared.items if any(_has(row, item) for row in table["rows"])]
    codes = list(reversed(declared.levels))
    rows = [
        {
            "name": _group(questionnaire, table["by"], row["values"], sites),
            "layer": layer,
            "n": figure["n"],
            "satisfied": None if figure.get("satisfied") is None else Decimal(figure["satisfied"]),
            "items": [[figure["items"].get(item, {}).get(code, 0) for code in codes] for item in items],
        }
        for row in table["rows"]
        for layer, figure in row["figures"].items()
    ]
    return {
        "title": " × ".join(named.get(name, name) for name in table["by"]) or _("All answers"),
        "heads": [item_label(questionnaire, item) for item in items],
        "levels": [[option_label(questionnaire, item, code) for code in codes] for item in items],
        "rows": rows,
        "layers": len({row["layer"] for row in rows}) > 1,
    }


def _has(row: Mapping[str, Any], item: str) -> bool:
    return any(item in figure["items"] for figure in row["figures"].values())


def _group(
    questionnaire: Questionnaire, by: Sequence[str], values: Sequence[Sequence[str]], sites: Mapping[str, str]
) -> str:
    """The values that were merged into one group: by comma, two dimensions by a dot."""
    if not by:
        return _("All")
    each = [
        " · ".join(value_label(questionnaire, name, part, sites) for name, part in zip(by, value, strict=True))
        for value in values
    ]
    return _(", ").join(each)


@blueprint.get("/campaigns/<id>/releases/new")
@requires("releases.write")
def new_release(id: str) -> Response:
    """What to release, and what it means."""
    campaigns.get(actor(), id, "releases.write")
    questionnaire = questionnaires.of_campaign(id)
    first = next(iter(questionnaire.scales), "")
    values = {"scale": first, "tables": ["site"], "marked": WITH, "minimum": MINIMUM, "everybody": EVERYBODY}
    return _form_page(id, _form(questionnaire).shown(values))


@blueprint.post("/campaigns/<id>/releases/new")
@requires("releases.write")
def make_release(id: str) -> Response:
    """Make it; it can neither be changed nor taken back."""
    campaigns.get(actor(), id, "releases.write")

    def make(values: dict[str, Any], version: int) -> Any:
        tables = tuple(tuple(one.split(JOINED)) for one in values["tables"])
        return releases.make(actor(), now(), id, ReleaseRequest(**values | {"tables": tables}))

    def again(shown: ShownForm, status: int) -> Response:
        return _form_page(id, shown, status)

    form = _form(questionnaires.of_campaign(id))
    to = lambda made: url_for("desk.release", id=id, number=made.number)  # noqa: E731
    return save(form, make, to=to, again=again, done=N_("The release has been made."))


def _form(questionnaire: Questionnaire) -> Form:
    named = dimensions(questionnaire)
    pairs = {f"site{JOINED}{name}": f"{named['site']} × {label}" for name, label in named.items() if name != "site"}
    return FORM.having(
        {
            "scale": [(name, item_label(questionnaire, one.headline)) for name, one in questionnaire.scales.items()],
            "tables": [*named.items(), *pairs.items()],
            "marked": [(one, word("layer", one)) for one in (WITH, WITHOUT, BOTH)],
        }
    )


def _form_page(id: str, shown: ShownForm, status: int = 200) -> Response:
    campaign = campaigns.get(actor(), id, "releases.write")
    consequences = (
        _("Purchaser, authority and provider can read it from now on; the provider reads one total a site."),
        _("It can neither be changed nor taken back, and narrows what later releases can tell."),
        _(
            "Groups below the smallest size are merged with others, so that no figure about fewer people follows from "
            "this and earlier releases. From %(lowest)s to %(highest)s.",
            lowest=LOWEST,
            highest=HIGHEST,
        ),
    )
    path = [
        (campaign.name, url_for("desk.campaign", id=id)),
        (_("Releases"), url_for("desk.releases", id=id)),
    ]
    back = url_for("desk.releases", id=id)
    return confirm_page(_("New release"), shown, _("Make the release"), consequences, path, status, back)
