"""Progress: how many answers have come in at each site, how, and against which target; what who may see of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from service.domain.collect import quotas as quota_rules
from service.domain.collect import tallies
from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.quotas import Quota
from service.domain.collect.tallies import Cell, Tally

MINIMUM_CELL = 10  # fewer than this are shown to the evaluator only (design §7)


@dataclass(frozen=True)
class QuotaProgress:
    """`over`: by how many the target was passed. An answer that is complete is never turned away."""

    quota: Quota
    answered: int

    @property
    def over(self) -> int:
        return max(self.answered - self.quota.target, 0)


@dataclass(frozen=True)
class SiteProgress:
    """One site as the evaluator sees it. `days` counts sealed answers by day (UTC), withdrawn ones too."""

    site: str
    answered: int
    modes: Mapping[str, int] = field(default_factory=dict)
    distributions: Mapping[str, int] = field(default_factory=dict)
    quotas: tuple[QuotaProgress, ...] = ()
    days: Mapping[str, int] = field(default_factory=dict)
    withdrawn: int = 0


@dataclass(frozen=True)
class SiteTotal:
    """One site as the others see it: at least so many have answered, or None while they are fewer than the minimum."""

    site: str
    at_least: int | None


def of_sites(
    sites: Sequence[str],
    questionnaire: Questionnaire,
    tally: Tally,
    quotas: Sequence[Quota],
    arrivals: Iterable[tuple[str, str, int]],
    withdrawn: Mapping[str, int],
) -> list[SiteProgress]:
    """Progress of each site; `arrivals` are (hour, site, answers) of the seals, hours as `2026-11-22T09`."""
    parts = tallies.by(tally, "site")
    days: dict[str, dict[str, int]] = {}
    for hour, site, number in arrivals:
        of_site = days.setdefault(site, {})
        of_site[hour[:10]] = of_site.get(hour[:10], 0) + number
    found = []
    for site in sites:
        part = parts.get((site,), {})
        own = tuple(
            QuotaProgress(quota, quota_rules.filled(quota, questionnaire, part))
            for quota in quotas
            if quota.site == site
        )
        by_day = dict(sorted(days.get(site, {}).items()))
        ways = (_numbers(part, "mode"), _numbers(part, "distribution"))
        found.append(SiteProgress(site, _n(part.values()), *ways, own, by_day, withdrawn.get(site, 0)))
    return found


def for_others(sites: Sequence[SiteProgress]) -> list[SiteTotal]:
    """What purchaser and provider may see: one total a site, in steps of the minimum cell.

    In steps, because a counter that moves by one tells whoever stands at the door that the person who just left has
    answered. Nothing is said of all sites together: a hidden site could be computed from it.
    """
    return [
        SiteTotal(one.site, one.answered // MINIMUM_CELL * MINIMUM_CELL if one.answered >= MINIMUM_CELL else None)
        for one in sites
    ]


def _n(counts: Iterable[Mapping[str, int]]) -> int:
    return sum(one.get("n", 0) for one in counts)


def _numbers(tally: Tally, name: str) -> dict[str, int]:
    at = Cell._fields.index(name)
    numbers: dict[str, int] = {}
    for cell, counts in tally.items():
        numbers[cell[at]] = numbers.get(cell[at], 0) + counts.get("n", 0)
    return dict(sorted(numbers.items()))
