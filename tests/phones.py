"""For tests of the phone page: a campaign with texts of real length, and what a person would fill in."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from factories import EVALUATOR, LANGUAGES, NOW, Opened, issue, make_project, publish
from flask import Flask
from stages import staged

from service.domain.collect.campaigns import Campaign
from service.operations.collect import campaigns, questionnaires

NOTICE = {
    "authority": {
        "zh-Hans": "某市某区民政局",
        "zh-Hant": "某市某區民政局",
        "en": "Civil Affairs Bureau of the district",
    },
    "evaluator": {
        "zh-Hans": "某市社会服务评估中心",
        "zh-Hant": "某市社會服務評估中心",
        "en": "Municipal Centre for Evaluating Social Services",
    },
    "purpose": {
        "zh-Hans": "了解社区社会工作服务的质量，作为年度考核评估的依据之一。",
        "zh-Hant": "了解社區社會工作服務的質量，作為年度考核評估的依據之一。",
        "en": "To learn how good the social services of the community are, as one basis of the yearly evaluation.",
    },
    "retention": {
        "zh-Hans": "答卷保存至评估结果公布后两年，期满删除。",
        "zh-Hant": "答卷保存至評估結果公佈後兩年，期滿刪除。",
        "en": "Until two years after the result has been published; then they are deleted.",
    },
    "complaints": {
        "zh-Hans": "如有疑问或者投诉，请在工作时间致电区民政局，或者到街道办事处反映。",
        "zh-Hant": "如有疑問或者投訴，請在工作時間致電區民政局，或者到街道辦事處反映。",
        "en": "Call the bureau during office hours, or go to the sub-district office.",
    },
    "phone": "020-1234 5678",
}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')
RECEIPT = re.compile(r'<p class="r">(.*?)</p>')


@staged
def open_for_phones(
    app: Flask,
    count: int = 1,
    kind: str = "slip",
    questionnaire: str = "recipients",
    languages: tuple[str, ...] = LANGUAGES,
    definition: Mapping[str, Any] | None = None,
) -> Opened:
    """A campaign that is open now, with `count` codes under the app's own key; `definition` instead of a template."""
    make_project()
    version = questionnaires.publish(EVALUATOR, NOW, definition)[0] if definition else publish(questionnaire)
    now = datetime.now(UTC)
    drafted = Campaign(
        id="phones",
        short_code="",
        project="project-1",
        name="Spring survey",
        questionnaire=version.questionnaire,
        questionnaire_version=version.number,
        population="recipients",
        sites=("east", "west"),
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
        languages=languages,
        notice=NOTICE,
    )
    made, _ = campaigns.create(EVALUATOR, now, drafted)
    opened = Opened(
        campaigns.change_state(EVALUATOR, now, made.id, "open", made.version), app.extensions["minyi.keys"][0]
    )
    opened.codes = issue(opened, count, kind)
    return opened


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a rendered form."""
    return dict(HIDDEN.findall(page))


def receipt(page: str) -> str:
    """The receipt that a thank-you page shows."""
    found = RECEIPT.search(page)
    assert found, page
    return re.sub("<[^>]*>", "", found[1])
