"""The desk's pages on which ratings become cases: a theme in own words, an answer as its person allowed."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext

from schemas.inspect.follow_ups import PassedOnSchema, ThemeSchema
from service.domain.collect.campaigns import Campaign
from service.domain.inspect.follow_ups import FollowUp
from service.operations import projects
from service.operations.collect import campaigns, texts
from service.operations.collect.questionnaires import of_campaign
from service.operations.inspect import themes
from service.web.auth import actor, now, requires
from service.web.pages.answer_texts import read
from service.web.pages.desk.forms import N_, Field, Form, ShownForm, Steps, form_page, save
from service.web.pages.desk.home import blueprint, page

SAID = (
    Field("id", "", "new_id"),
    Field("title", N_("Title")),
    Field("text", N_("What is to be put right"), "long", lines=6),
    Field("working_days", N_("Working days for the answer"), "number"),
)
THEME, PASSED_ON = Form(ThemeSchema, SAID), Form(PassedOnSchema, SAID)


@blueprint.route("/campaigns/<id>/themes/new", methods=["GET", "POST"], endpoint="release_theme")
@requires("follow_ups.write")
def release_theme(id: str) -> Response:
    """Let the provider hear what the texts with a tag have in common; question and tag stand in the address."""
    campaign = campaigns.get(actor(), id, "responses.read")
    question, tag = (request.args.get(name, "")[:80] for name in ("question", "tag"))
    behind = texts.bearing(actor(), id, question, tag)
    form = THEME.having(fixed={"responses": behind})

    def release(values: dict[str, Any], version: int) -> tuple[FollowUp, bool]:
        said = values["title"], values["text"], values["responses"], values["working_days"]
        return themes.release(actor(), now(), values["id"], id, *said)

    def again(shown: ShownForm, status: int = 200) -> Response:
        count = gettext("Texts with the tag “%(tag)s”: %(count)s.", tag=tag, count=len(behind))
        lead = f"{count} {gettext('The provider reads your words, never theirs, and does not learn whose they are.')}"
        title, action = (
            gettext("Tell the provider of a theme"),
            url_for("desk.release_theme", id=id, question=question, tag=tag),
        )
        return form_page(title, shown, gettext("Open the case"), _steps(campaign), status, lead, action=action)

    return save(form, release, _case, again) if request.method == "POST" else again(form.shown())


@blueprint.route("/campaigns/<id>/texts/<response>/follow-up", methods=["GET", "POST"], endpoint="pass_on_answer")
@requires("follow_ups.write")
def pass_on_answer(id: str, response: str) -> Response:
    """Make one answer a case, with what its person let be passed on and nothing else."""
    campaign = campaigns.get(actor(), id, "responses.read")
    passed, whom = themes.allowed(actor(), id, response)
    sites = {site.id: site.name for site in projects.sites(actor(), campaign.project)}

    def pass_on(values: dict[str, Any], version: int) -> tuple[FollowUp, bool]:
        said = values["title"], values["text"], values["working_days"]
        return themes.pass_on(actor(), now(), values["id"], id, response, *said)

    def again(shown: ShownForm, status: int = 200) -> Response:
        given = {key: said for key, said in passed.items() if key != "#site"}
        return page(
            "inspect/pass_on.html",
            status,
            title=gettext("Make this answer a case"),
            shown=shown,
            button=gettext("Open the case"),
            path=_steps(campaign),
            passed=[(label, said) for label, said, _ in read(of_campaign(id), given) if said],
            site=sites.get(passed.get("#site", ""), ""),
            whom=whom,
        )

    return save(PASSED_ON, pass_on, _case, again) if request.method == "POST" else again(PASSED_ON.shown())


def _case(made: Any) -> str:
    return url_for("desk.follow_up", id=made.id)


def _steps(campaign: Campaign) -> Steps:
    return [
        (campaign.name, url_for("desk.campaign", id=campaign.id)),
        (gettext("Free text"), url_for("desk.texts", id=campaign.id)),
    ]
