"""The desk's pages that make a campaign: choosing its questionnaire, what respondents are told, opening and closing."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _

from schemas.collect.campaigns import CampaignChangeSchema, CampaignSchema
from service.domain.collect.campaigns import FINAL, NOTICE_TEXTS, OPEN, Campaign
from service.domain.collect.questionnaires import Questionnaire
from service.domain.projects import Project
from service.operations import projects
from service.operations.collect import campaigns, questionnaires
from service.web.auth import actor, now, requires
from service.web.extensions import keys
from service.web.languages import NAMES
from service.web.pages.desk.forms import NOTHING, Field, Form, ShownForm, confirm_page, form_page, save
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.project_editing import path_of
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import moment

TOLD = {
    "authority": N_("Who has the survey made"),
    "evaluator": N_("Who asks"),
    "purpose": N_("What the answers are for"),
    "retention": N_("How long they are kept"),
    "complaints": N_("Where to complain"),
    "linked": N_("That answers stay linked to the person (two-phase surveys only)"),
}


@way("project", N_("New campaign"), "campaigns.write", heading=N_("Collecting"), order=10)
@blueprint.get("/projects/<id>/campaigns/new")
@requires("campaigns.write")
def choose_questionnaire(id: str) -> Response:
    """Which published questionnaire is asked: languages and texts follow from it."""
    project = projects.project(actor(), id, "campaigns.write")
    listed = sorted(questionnaires.versions(actor()), key=lambda one: (one.questionnaire, -one.number))
    titles = {one.id: questionnaires.parsed(one.id).title for one in listed}
    return page("collect/new_campaign.html", project=project, versions=listed, titles=titles)


@blueprint.get("/projects/<id>/campaigns/new/<questionnaire>/<int:number>")
@requires("campaigns.write")
def new_campaign(id: str, questionnaire: str, number: int) -> Response:
    """The form of a draft; what was told in the project's last campaign is its beginning."""
    project = projects.project(actor(), id, "campaigns.write")
    form = _new_form(project, questionnaire, number)
    earlier = campaigns.of_project(actor(), id)
    last = max(earlier, key=lambda one: one.opens_at, default=None)
    begun = {"notice": last.notice, "sites": last.sites} if last else {}
    return _new_page(project, form.shown({**begun, "languages": _asked(questionnaire, number).languages}))


@blueprint.post("/projects/<id>/campaigns/new/<questionnaire>/<int:number>")
@requires("campaigns.write")
def draft_campaign(id: str, questionnaire: str, number: int) -> Response:
    """Draft it. Nothing is open yet."""
    project = projects.project(actor(), id, "campaigns.write")

    def act(values: dict[str, Any], version: int) -> Any:
        return campaigns.create(actor(), now(), _campaign(values))

    def again(shown: ShownForm, status: int) -> Response:
        return _new_page(project, shown, status)

    form = _new_form(project, questionnaire, number)
    return save(form, act, to=lambda made: url_for("desk.campaign_settings", id=made.id), again=again)


def _new_page(project: Project, shown: ShownForm, status: int = 200) -> Response:
    path = [
        *path_of(project.id, project.name),
        (_("Questionnaire"), url_for("desk.choose_questionnaire", id=project.id)),
    ]
    lead = _("A draft: it can be changed until it is opened.")
    return form_page(_("New campaign"), shown, _("Save the draft"), path, status, lead)


def _asked(questionnaire: str, number: int) -> Questionnaire:
    version = questionnaires.get(actor(), questionnaires.version_id(questionnaire, number))
    return questionnaires.parsed(version.id)


def _new_form(project: Project, questionnaire: str, number: int) -> Form:
    asked = _asked(questionnaire, number)
    fixed = {
        "project": project.id,
        "questionnaire": questionnaire,
        "questionnaire_version": number,
        "population": asked.population,
    }
    return Form(CampaignSchema, (Field("id", "", "new_id"), *_fields(asked))).having(_offered(project.id, asked), fixed)


def _change_form(campaign: Campaign) -> Form:
    asked = questionnaires.of_campaign(campaign.id)
    names = ("project", "questionnaire", "questionnaire_version", "population")
    fixed = {name: getattr(campaign, name) for name in names}
    told = [text for text in campaign.notice.values() if isinstance(text, Mapping)]
    return Form(CampaignChangeSchema, _fields(asked, told)).having(_offered(campaign.project, asked), fixed)


def _offered(project: str, asked: Questionnaire) -> dict[str, list[tuple[str, str]]]:
    return {
        "sites": [(site.id, site.name) for site in projects.sites(actor(), project)],
        "languages": [(code, NAMES.get(code, code)) for code in asked.languages],
    }


def _fields(asked: Questionnaire, before: Sequence[Mapping[str, str]] = ()) -> tuple[Field, ...]:
    """Each text in the languages of the questionnaire, and in those in which the draft has any."""
    codes = dict.fromkeys((*asked.languages, *(code for texts in before for code in texts)))
    told = (
        Field(
            f"notice.{fact}.{code}",
            f"{_(TOLD[fact])} ({NAMES.get(code, code)})",
            "long",
            lines=2,
            wanted=fact in NOTICE_TEXTS,
        )
        for fact in (*NOTICE_TEXTS, "linked")
        for code in codes
    )
    return (
        Field("name", N_("Name")),
        Field("sites", N_("Sites"), "choices"),
        Field("opens_at", N_("Opens at"), "moment", N_("Time of China.")),
        Field("closes_at", N_("Closes at"), "moment", N_("It can be put off later, never brought forward.")),
        Field("languages", N_("Languages"), "choices", N_("What respondents are told must be there in each of them.")),
        Field(
            "notice.phone",
            N_("Official telephone number"),
            hint=N_("Not the provider's: nobody who is rated may stand between a person and the complaint."),
            wanted=True,
        ),
        *told,
    )


def _campaign(values: dict[str, Any]) -> Campaign:
    lists = {name: tuple(values[name]) for name in ("sites", "languages")}
    return Campaign(**values | lists | {"short_code": ""})


@way("campaign", N_("What respondents are told"), "campaigns.write", heading=N_("Settings"), order=10)
@blueprint.get("/campaigns/<id>/settings")
@requires("campaigns.write")
def campaign_settings(id: str) -> Response:
    """The draft, to be changed; an opened campaign, to be read, with its way to the end."""
    campaign = campaigns.get(actor(), id, "campaigns.write")
    return _settings_page(campaign, _change_form(campaign).shown(campaign))


@blueprint.post("/campaigns/<id>/settings")
@requires("campaigns.write")
def change_campaign(id: str) -> Response:
    """Change the draft."""
    campaign = campaigns.get(actor(), id, "campaigns.write")

    def act(values: dict[str, Any], version: int) -> Any:
        return campaigns.change(actor(), now(), _campaign(values | {"id": id}), version)

    def again(shown: ShownForm, status: int) -> Response:
        return _settings_page(campaign, shown, status)

    def current() -> tuple[Campaign, int]:
        stored = campaigns.get(actor(), id, "campaigns.write")
        return stored, stored.version

    to = url_for("desk.campaign_settings", id=id)
    return save(_change_form(campaign), act, to=lambda _: to, again=again, current=current)


def _settings_page(campaign: Campaign, shown: ShownForm, status: int = 200) -> Response:
    return page(
        "collect/campaign_settings.html",
        status,
        campaign=campaign,
        state=campaigns.state(campaign.id),
        names={site.id: site.name for site in projects.sites(actor(), campaign.project)},
        told=TOLD,
        shown=shown,
        path=path_to(campaign),
        action=url_for("desk.campaign_settings", id=campaign.id),
    )


def path_to(campaign: Campaign) -> list[tuple[str, str]]:
    """The way to a page of a campaign."""
    project = projects.project(actor(), campaign.project)
    return [*path_of(project.id, project.name), (campaign.name, url_for("desk.progress", id=campaign.id))]


@blueprint.get("/campaigns/<id>/open")
@requires("campaigns.write")
def ask_open(id: str) -> Response:
    """What opening means."""
    campaign = campaigns.get(actor(), id, "campaigns.write")
    return _open_page(campaign, NOTHING.shown(version=campaign.version))


@blueprint.post("/campaigns/<id>/open")
@requires("campaigns.write")
def open_campaign(id: str) -> Response:
    """Open it; or show the draft with what respondents would miss."""
    campaign = campaigns.get(actor(), id, "campaigns.write")

    def act(values: dict[str, Any], version: int) -> Any:
        return campaigns.change_state(actor(), now(), id, OPEN, version)

    def again(shown: ShownForm, status: int) -> Response:
        if not shown.faults:
            return _open_page(campaign, shown, status)
        form = _change_form(campaign)
        typed = form.shown_typed(form.texts(campaign), shown.faults, campaign.version, shown.told)
        return _settings_page(campaign, typed, status)

    return save(NOTHING, act, to=lambda _: url_for("desk.progress", id=id), again=again, done=N_("Opened."))


def _open_page(campaign: Campaign, shown: ShownForm, status: int = 200) -> Response:
    window = {"opens": moment(campaign.opens_at).striptags(), "closes": moment(campaign.closes_at).striptags()}
    consequences = (
        _("Codes work from %(opens)s to %(closes)s.", **window),
        _("Questions, sites, languages and what respondents are told stay as they are from now on."),
        _("The end can be put off, never brought forward; the survey can be paused."),
    )
    back, title = url_for("desk.campaign_settings", id=campaign.id), _("Open the campaign")
    return confirm_page(title, shown, title, consequences, path_to(campaign), status, back)


@way("campaign", N_("Close for ever"), "campaigns.write", heading=N_("Settings"), order=90)
@blueprint.get("/campaigns/<id>/close")
@requires("campaigns.write")
def ask_close(id: str) -> Response:
    """What closing means."""
    campaign = campaigns.get(actor(), id, "campaigns.write")
    return _close_page(campaign, NOTHING.shown(version=campaign.version))


@blueprint.post("/campaigns/<id>/close")
@requires("campaigns.write")
def close_campaign(id: str) -> Response:
    """Close it and freeze its figures."""
    campaign = campaigns.get(actor(), id, "campaigns.write")

    def act(values: dict[str, Any], version: int) -> Any:
        return campaigns.change_state(actor(), now(), id, FINAL, version, keys())

    def again(shown: ShownForm, status: int) -> Response:
        return _close_page(campaign, shown, status)

    done = N_("Closed. The figures are frozen.")
    return save(NOTHING, act, to=lambda _: url_for("desk.progress", id=id), again=again, done=done)


def _close_page(campaign: Campaign, shown: ShownForm, status: int = 200) -> Response:
    consequences = (
        _("No answer is taken in any more, whatever the code says."),
        _("The figures are frozen with their fingerprint; what comes later does not change them."),
        _("Nobody can open it again."),
    )
    back, title = url_for("desk.progress", id=campaign.id), _("Close the campaign for ever")
    return confirm_page(title, shown, _("Close for ever"), consequences, path_to(campaign), status, back)
