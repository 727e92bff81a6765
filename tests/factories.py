"""Makes what a test needs through the operations, as the product would: one city, one project, open campaigns."""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from stages import staged

from service.domain.access import Actor
from service.domain.collect import questionnaires as questionnaire_rules
from service.domain.collect.campaigns import Campaign
from service.domain.collect.tickets import Batch
from service.domain.keys import Key
from service.domain.organisations import Organisation
from service.domain.projects import Project, Site
from service.operations import organisations, projects
from service.operations.collect import campaigns, questionnaires, tickets
from service.operations.inspect import frames

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
KEY = Key(bytes(range(32)))
TEMPLATES = Path(__file__).parent.parent / "survey_templates"
ADMIN = Actor("admin-1", "admin", "operator", ("admin",))
EVALUATOR = Actor("evaluator-1", "evaluator", "evaluator-org", ("evaluator",))
OTHER_EVALUATOR = Actor("evaluator-2", "other", "other-org", ("evaluator",))
AUDITOR = Actor("auditor-1", "auditor", "evaluator-org", ("auditor",))
PROVIDER = Actor("provider-1", "provider", "provider-org", ("provider",))

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
PERSONS = "persons"  # the frame of 400 persons that every open campaign's project has
NOTICE = {
    fact: {"zh-Hans": f"{zh}(测试)", "zh-Hant": f"{zh}(測試)", "en": f"{en} (test)"}
    for fact, zh, en in (
        ("authority", "民政局", "Civil affairs bureau"),
        ("evaluator", "评估中心", "Evaluation centre"),
        ("purpose", "了解服务质量", "to learn how good the service is"),
        ("retention", "五年", "five years"),
        ("complaints", "市民热线", "Citizens' hotline"),
    )
} | {"phone": "020-12345"}


@dataclass
class Opened:
    """An open campaign with the codes of its batches."""

    campaign: Campaign
    key: Key
    codes: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.campaign.id


@staged
def make_project(id: str = "project-1", sites: tuple[str, ...] = ("east", "west")) -> Project:
    for kind in ("authority", "purchaser", "provider", "evaluator"):
        phones = ("020-99999",) if kind == "provider" else ()
        organisations.create_organisation(ADMIN, NOW, Organisation(f"{kind}-org", kind, kind.title(), phones))
    project = Project(id, "Street station", "authority-org", "purchaser-org", "provider-org", "evaluator-org")
    projects.create_project(ADMIN, NOW, project)
    for site in sites:
        projects.create_site(ADMIN, NOW, Site(site, id, site.title()))
    return project


@staged
def publish(name: str = "copenhagen-housing") -> questionnaire_rules.QuestionnaireVersion:
    return questionnaires.publish(EVALUATOR, NOW, deepcopy(_definition(name)))[0]


@cache
def _definition(name: str) -> dict[str, Any]:
    text = (TEMPLATES / "questionnaires" / f"{name}.yaml").read_text(encoding="utf-8")
    return questionnaire_rules.to_plain(questionnaire_rules.parse_yaml(text))


def make_campaign(
    id: str = "campaign-1", questionnaire: str = "copenhagen-housing", sites: tuple[str, ...] = ("east", "west")
) -> Campaign:
    version = publish(questionnaire)
    campaign = Campaign(
        id=id,
        short_code="",
        project="project-1",
        name="Spring survey",
        questionnaire=version.questionnaire,
        questionnaire_version=version.number,
        population="recipient",
        sites=sites,
        opens_at=NOW - timedelta(days=1),
        closes_at=NOW + timedelta(days=36500),
        languages=LANGUAGES,
        notice=NOTICE,
    )
    return campaigns.create(EVALUATOR, NOW, campaign)[0]


@staged
def open_campaign(
    count: int = 3,
    kind: str = "slip",
    id: str = "campaign-1",
    questionnaire: str = "copenhagen-housing",
    key: Key = KEY,
    distribution: str = "all_present_evaluator",
) -> Opened:
    """A project with two sites, a campaign that is open, and `count` codes at the site east."""
    make_project()
    persons = [f"P{number:03}" for number in range(1, 401)]
    frames.freeze(EVALUATOR, NOW, PERSONS, "project-1", "Recipients", "register of recipients", persons, None)
    campaign = make_campaign(id, questionnaire)
    opened = campaigns.change_state(EVALUATOR, NOW, campaign.id, "open", campaign.version)
    made = Opened(opened, key)
    made.codes = issue(made, count, kind, distribution=distribution)
    return made


@staged
def issue(
    opened: Opened,
    count: int,
    kind: str = "slip",
    site: str = "east",
    distribution: str = "all_present_evaluator",
    frame: str = "",
) -> list[str]:
    way = "poster" if kind == "poster" else distribution
    number = len(tickets.batches(EVALUATOR, opened.id)) + 1
    id = f"{opened.id}-batch-{number}"
    frame = frame or (PERSONS if way == "drawn_persons" else "")
    batch = Batch(id, opened.id, kind, site, "", way, count, opened.key.id, NOW, EVALUATOR.id, frame)
    return tickets.create_batch(EVALUATOR, NOW, batch, opened.key)[1]
