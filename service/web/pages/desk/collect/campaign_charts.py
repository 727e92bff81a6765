"""Charts of a campaign: levels, sites beside one another, and what became of the codes."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext

from service.domain.collect.declarations import Scale
from service.domain.collect.satisfaction import Estimate
from service.domain.collect.tickets import SLIP
from service.domain.errors import Refused
from service.domain.estimates.comparisons import Pair
from service.operations.collect import campaigns, comparisons, questionnaires
from service.operations.collect.comparisons import Asking
from service.web.charts import wording
from service.web.charts.shapes import Chart
from service.web.pages.answer_texts import item_label, option_label
from service.web.pages.desk.charts import chart
from service.web.pages.desk.collect import overviews


@chart("campaigns/<id>/charts/levels/<scale>", "satisfaction.read")
def campaign_levels(id: str, scale: str) -> Chart | None:
    """Answers to the headline question of a scale by level, for each site and for all."""
    questionnaire, declared = questionnaires.of_campaign(id), _scale(id, scale)
    rows = [(name, [one.counts[code] for code in declared.levels]) for name, one in _by_site(id, scale) if one.n]
    if not rows:
        return None
    if len(rows) > 1:
        rows.append((gettext("All sites"), [sum(each) for each in zip(*(counts for _, counts in rows), strict=True)]))
    return wording.likert(
        gettext("Answers by level: %(question)s", question=item_label(questionnaire, declared.headline)),
        [option_label(questionnaire, declared.headline, code) for code in declared.levels],
        wording.sides(len(declared.levels)),
        rows,
        total=len(rows) > 1,
    )


@chart("campaigns/<id>/charts/sites/<scale>", "satisfaction.read")
def campaign_sites(id: str, scale: str) -> Chart | None:
    """The share of satisfied persons by site, the highest first, with intervals; ties where no difference is shown."""
    _scale(id, scale)
    found = sorted(_by_site(id, scale), key=lambda each: (-(each[1].satisfied or -1), each[0]))
    rows = [(name, _percent(one.satisfied), *_limits(one), one.n) for name, one in found]
    if sum(row[1] is not None for row in rows) < 2:
        return None
    whole = overviews.read(id).whole[scale]
    assert whole is not None  # noqa: S101 - for the type: there are figures of sites
    question = item_label(questionnaires.of_campaign(id), whole.headline)
    title = gettext("Satisfied by site: %(question)s", question=question)
    pairs, note = _compared(id, scale)
    apart = {frozenset((pair.one, pair.other)): pair for pair in pairs}
    sites = [next(key for key, each in _sites(id, scale) if each is one) for _, one in found]

    def tied(one: int, other: int) -> bool:
        pair = apart.get(frozenset((sites[one], sites[other])))
        return pair is not None and pair.reason is None and not pair.separated

    return wording.dots(title, rows, _percent(whole.satisfied), runs(len(rows), tied), note)


def runs(count: int, tied: Callable[[int, int], bool]) -> list[tuple[int, int]]:
    """The longest runs of neighbours (first, last) of which every two are tied."""
    found: list[tuple[int, int]] = []
    for first in range(count):
        last = first
        while last + 1 < count and all(tied(each, last + 1) for each in range(first, last + 1)):
            last += 1
        if last > first and not (found and found[-1][1] >= last):
            found.append((first, last))
    return found


def _compared(id: str, scale: str) -> tuple[Sequence[Pair], str]:
    """Every two sites, tested; or none and why they are not compared."""
    try:
        return comparisons.of_estimates(_sites(id, scale), Asking(scale=scale)).pairs, ""
    except Refused as refused:
        if refused.reason != "not_comparable":
            return (), ""
        return (), gettext("The sites were asked or answered in different ways, so their differences are not tested.")


@chart("campaigns/<id>/charts/codes/<scale>", "satisfaction.read")
def campaign_codes(id: str, scale: str) -> Chart | None:
    """From slips to figures. None where not all answers came by slips.

    How many slips were used stands there once the campaign is final: a number that moves tells when somebody answered.
    """
    _scale(id, scale)
    issued = overviews.read(id).batches
    whole = overviews.read(id).whole[scale]
    if not issued or whole is None or any(batch.kind != SLIP for batch in issued):
        return None
    asked = [batch for batch in issued if not batch.replaces]
    used = [batch.used for batch in issued]
    steps = [(gettext("Slips issued"), sum(batch.count for batch in asked))]
    if all(number is not None for number in used):
        steps.append((gettext("Slips used"), sum(number or 0 for number in used)))
    steps += [(gettext("Answers sealed"), whole.answered), (gettext("Valid answers to the question"), whole.n)]
    return wording.funnel(gettext("From slips to figures"), steps)


def _scale(id: str, scale: str) -> Scale:
    overviews.read(id)  # asks whether the reader may
    declared = questionnaires.of_campaign(id).scales
    if scale not in declared:
        raise Refused("not_found", noun="chart")
    return declared[scale]


def _by_site(id: str, scale: str) -> Sequence[tuple[str, Estimate]]:
    """(name of the site, its figures)."""
    names = overviews.site_names(campaigns.view(id).campaign.project)
    return [(names.get(key, key), one) for key, one in _sites(id, scale)]


def _sites(id: str, scale: str) -> Sequence[tuple[str, Estimate]]:
    """(id of the site, its figures)."""
    return overviews.read(id).sites[scale]


def _percent(share: Any) -> float | None:
    return None if share is None else float(100 * share)


def _limits(one: Estimate) -> tuple[float | None, float | None]:
    return (_percent(one.interval[0]), _percent(one.interval[1])) if one.interval else (None, None)
