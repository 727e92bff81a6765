"""Everything before the first answer: organisations, accounts, the project and its sites, campaigns and slips."""

import secrets
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

from service.cli.demonstration.api import Api
from service.domain.collect import questionnaires
from service.domain.collect.tickets import ALPHABET
from service.domain.organisations import ROLES_OF_KIND

LANGUAGES = ["zh-Hans", "zh-Hant", "en"]
PROJECT, RESIDENTS, VISITORS = "housing-demo", "residents", "try-it"
# Kind of housing in the published table -> name of its site.
SITES = {
    "Tower": "塔楼 Tower blocks",
    "Apartment": "公寓 Apartments",
    "Atrium": "中庭住宅 Atrium houses",
    "Terrace": "联排住宅 Terraced houses",
}
# Fictitious throughout; the numbers cannot be dialled.
ORGANISATIONS = {
    "authority": ("演示市民政局 Demo City Civil Affairs Bureau", ["020-0000 0000"]),
    "purchaser": ("演示街道办事处 Demo Street Office", ["020-0000 0001"]),
    "provider": ("演示社工机构 Demo Social Work Agency", ["020-0000 0002"]),
    "evaluator": ("演示评估中心 Demo Evaluation Centre", ["020-0000 0003"]),
}
NOTICE: dict[str, Any] = {
    "authority": {
        "zh-Hans": "演示市民政局（虚构）",
        "zh-Hant": "演示市民政局（虛構）",
        "en": "Demo City Civil Affairs Bureau (fictitious)",
    },
    "evaluator": {
        "zh-Hans": "演示评估中心（虚构）",
        "zh-Hant": "演示評估中心（虛構）",
        "en": "Demo Evaluation Centre (fictitious)",
    },
    "purpose": {
        "zh-Hans": "仅供演示：展示满意度调查如何进行。",
        "zh-Hant": "僅供演示：展示滿意度調查如何進行。",
        "en": "A demonstration only, to show how such a survey works.",
    },
    "retention": {
        "zh-Hans": "保存至演示结束、数据文件夹删除时为止。",
        "zh-Hant": "保存至演示結束、資料夾刪除時為止。",
        "en": "Until this demonstration is ended and its data folder removed.",
    },
    "complaints": {
        "zh-Hans": "演示热线（虚构，请勿拨打）",
        "zh-Hant": "演示熱線（虛構，請勿撥打）",
        "en": "Demo hotline (fictitious, please do not call)",
    },
    "phone": "020-0000 0000",
}


@dataclass(frozen=True)
class Account:
    role: str
    username: str
    password: str
    token: str = field(repr=False)


@dataclass
class Stage:
    """The running service as the demo's people see it: one signed-in client a role."""

    address: str
    accounts: list[Account] = field(default_factory=list)
    clients: dict[str, Api] = field(default_factory=dict)
    closing: ExitStack = field(default_factory=ExitStack)

    def sign_in(self, role: str, username: str, password: str) -> None:
        with Api(self.address) as nobody:
            token = nobody.post("/sessions", username=username, password=password)["token"]
        self.accounts.append(Account(role, username, password, token))
        self.clients[role] = self.closing.enter_context(Api(self.address, token))

    def __getitem__(self, role: str) -> Api:
        return self.clients[role]


def template(folder: str, name: str) -> str:
    """The text of a file that travels in the wheel."""
    return (files("survey_templates") / folder / name).read_text(encoding="utf-8")


def new_password() -> str:
    """About 79 random bits in characters that nobody confuses: k7mf-2wxa-…"""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4)).lower()


def make_organisations(stage: Stage) -> None:
    """Four organisations, and an account for each role that the kind of organisation has."""
    admin = stage["admin"]
    for kind, (name, phones) in ORGANISATIONS.items():
        admin.post("/organisations", id=kind, kind=kind, name=name, phones=phones)
        for role in ROLES_OF_KIND[kind]:
            password = new_password()
            admin.post("/users", username=role, password=password, organisation=kind, roles=[role])
            stage.sign_in(role, role, password)


def make_project(stage: Stage) -> None:
    """One project with the four kinds of housing as its sites."""
    parties = {kind: kind for kind in ORGANISATIONS}
    stage["admin"].post("/projects", id=PROJECT, name="住房服务项目（演示） Housing services (demo)", **parties)
    for kind, name in SITES.items():
        stage["admin"].post(f"/projects/{PROJECT}/sites", id=kind.lower(), name=name)


def open_campaign(stage: Stage, id: str, name: str, questionnaire: str, population: str) -> None:
    """Publish the questionnaire and open a campaign with it at all sites for 30 days."""
    evaluator = stage["evaluator"]
    text = template("questionnaires", f"{questionnaire}.yaml")
    published = evaluator.post("/questionnaires", definition=questionnaires.to_plain(questionnaires.parse_yaml(text)))
    now = datetime.now(UTC)
    drafted = evaluator.post(
        "/campaigns",
        id=id,
        project=PROJECT,
        name=name,
        questionnaire=published["questionnaire"],
        questionnaire_version=published["number"],
        population=population,
        sites=[kind.lower() for kind in SITES],
        opens_at=(now - timedelta(minutes=1)).isoformat(),
        closes_at=(now + timedelta(days=30)).isoformat(),
        languages=LANGUAGES,
        notice=NOTICE,
    )
    evaluator.put(f"/campaigns/{id}/state", drafted["version"], state="open")


def issue_slips(stage: Stage, residents: Mapping[str, int]) -> dict[str, list[str]]:
    """A slip for each resident, handed out by the evaluator to all: kind of housing -> codes."""
    return {
        kind: [ticket["code"] for ticket in _slips(stage, RESIDENTS, kind, count, "all_present_evaluator")]
        for kind, count in residents.items()
    }


def issue_free_slips(stage: Stage) -> list[str]:
    """One slip a site in the campaign for visitors, for whoever wants one: their addresses."""
    return [_slips(stage, VISITORS, kind, 1, "free_choice")[0]["url"] for kind in SITES]


def _slips(stage: Stage, campaign: str, kind: str, count: int, distribution: str) -> list[dict[str, str]]:
    path = f"/campaigns/{campaign}/tickets"
    batch = {"kind": "slip", "site": kind.lower(), "distribution": distribution, "count": count}
    issued: list[dict[str, str]] = stage["evaluator"].post(path, **batch)["tickets"]
    return issued
