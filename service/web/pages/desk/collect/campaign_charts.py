"""Charts of a campaign's figures."""

from flask_babel import gettext

from service.domain.collect.questionnaires import Scale
from service.domain.errors import Refused
from service.operations import projects
from service.operations.collect import campaigns, questionnaires, satisfaction
from service.web.auth import actor
from service.web.charts import wording
from service.web.charts.shapes import Chart
from service.web.pages.answer_texts import item_label, option_label
from service.web.pages.desk.charts import chart


@chart("campaigns/<id>/charts/levels/<scale>", "satisfaction.read")
def campaign_levels(id: str, scale: str) -> Chart | None:
    """Answers to the headline question of a scale by level, for each site and for all."""
    campaign = campaigns.get(actor(), id, "satisfaction.read")
    questionnaire = questionnaires.of_campaign(id)
    if scale not in questionnaire.scales:
        raise Refused("not_found", noun="chart")
    declared = questionnaire.scales[scale]
    names = {site.id: site.name for site in projects.sites(actor(), campaign.project)}
    by_site = satisfaction.figures(actor(), id, by=("site",), scale=scale).groups
    rows = [(names.get(key[0], key[0]), [one.counts[code] for code in declared.levels]) for key, one in by_site]
    rows = [(name, counts) for name, counts in rows if sum(counts)]
    if not rows:
        return None
    if len(rows) > 1:
        rows.append((gettext("All sites"), [sum(each) for each in zip(*(counts for _, counts in rows), strict=True)]))
    levels = [option_label(questionnaire, declared.headline, code) for code in declared.levels]
    return wording.likert(
        gettext("Answers by level: %(question)s", question=item_label(questionnaire, declared.headline)),
        levels,
        sides(declared),
        rows,
        total=len(rows) > 1,
    )


def sides(declared: Scale) -> list[int]:
    """Which levels stand right of the middle (those above the middle one), left of it, or in it. Worst level first."""
    middle = (len(declared.levels) - 1) / 2
    return [(place > middle) - (place < middle) for place in range(len(declared.levels))]
