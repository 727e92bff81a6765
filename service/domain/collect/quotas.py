"""Quotas: how many answers are wanted from a site, or from a group at a site. Soft: no answer is turned away."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.tallies import Tally, dimension
from service.domain.errors import Fault, Refused

TARGET_LIMIT = 1_000_000
NEVER_TURNED_AWAY = frozenset({"drawn_persons"})
"""Distributions that no quota holds for: a draw is what it is, whoever was drawn is asked (design §6)."""


@dataclass(frozen=True)
class Quota:
    """So many answers are wanted at a site; of the group `value` of a weighting variable, if one is named."""

    site: str
    target: int
    variable: str = ""
    value: str = ""

    @property
    def plain(self) -> dict[str, Any]:
        return asdict(self)


def of_plain(plain: Sequence[Mapping[str, Any]]) -> tuple[Quota, ...]:
    """The quotas as they are kept with a campaign; the inverse of `Quota.plain`."""
    return tuple(Quota(**one) for one in plain)


def check(quotas: Sequence[Quota], sites: Sequence[str], questionnaire: Questionnaire) -> None:
    """Raises Refused("invalid") naming each quota for what the campaign does not have, or for what has one already."""
    faults = [
        fault for at, quota in enumerate(quotas) for fault in _faults(f"quotas.{at}", quota, sites, questionnaire)
    ]
    seen: set[tuple[str, str, str]] = set()
    for at, quota in enumerate(quotas):
        place = (quota.site, quota.variable, quota.value)
        if place in seen:
            faults.append(Fault(f"quotas.{at}", "duplicate", {"value": " ".join(filter(None, place))}))
        seen.add(place)
    if faults:
        raise Refused("invalid", faults)


def _faults(path: str, quota: Quota, sites: Sequence[str], questionnaire: Questionnaire) -> Iterator[Fault]:
    if quota.site not in sites:
        yield Fault(f"{path}.site", "not_an_option", {"value": quota.site, "options": ", ".join(sites)})
    if not 1 <= quota.target <= TARGET_LIMIT:
        yield Fault(f"{path}.target", "out_of_range", {"lower": 1, "upper": TARGET_LIMIT})
    if not quota.variable and not quota.value:
        return
    if quota.variable not in questionnaire.weights:
        options = ", ".join(questionnaire.weights) or "none: the questionnaire declares no weighting variable"
        yield Fault(f"{path}.variable", "not_an_option", {"value": quota.variable, "options": options})
        return
    codes = questionnaire.items[quota.variable].codes
    if quota.value not in codes:
        yield Fault(f"{path}.value", "not_an_option", {"value": quota.value, "options": ", ".join(codes)})


def filled(quota: Quota, questionnaire: Questionnaire, tally: Tally) -> int:
    """How many answers of the tally belong to the quota."""
    field = dimension(questionnaire, quota.variable) if quota.variable else ""
    return sum(
        counts.get("n", 0)
        for cell, counts in tally.items()
        if cell.site == quota.site and (not field or getattr(cell, field) == quota.value)
    )


def is_full(quotas: Sequence[Quota], site: str, questionnaire: Questionnaire, tally: Tally) -> bool:
    """Whether nobody more is wanted at the site.

    So it is when the site's own quota is reached, or when every group of one variable has a quota there and all of them
    are: to which group a person belongs is not known before the answer.
    """
    here = [quota for quota in quotas if quota.site == site]
    reached = {quota for quota in here if filled(quota, questionnaire, tally) >= quota.target}
    if any(not quota.variable for quota in reached):
        return True
    return any(
        set(questionnaire.items[variable].codes) <= {quota.value for quota in reached if quota.variable == variable}
        for variable in {quota.variable for quota in here if quota.variable}
    )
