"""Quality marks of places: what is odd about a site, an hour or a batch as a whole (rules in quality.py)."""

from collections.abc import Mapping
from datetime import timedelta
from math import exp, lgamma, log

from service.domain.collect.quality import Mark
from service.domain.collect.quality_persons import hour_start, local_hour

Parameters = Mapping[str, Mapping[str, float]]
TOGETHER = frozenset({"all_present_evaluator", "poster"})  # distributions for which one busy hour says nothing


def burst_probability(seen: int, expected: float) -> float:
    """P(X >= seen) for X Poisson with mean `expected` > 0: 1.4e-6 for 12 seen where 2 were expected.

    Added up from the tail itself, so that small values keep their digits.
    """
    if seen <= expected:
        return 1 - sum(exp(k * log(expected) - expected - lgamma(k + 1)) for k in range(seen))
    term = exp(seen * log(expected) - expected - lgamma(seen + 1))
    total, k = 0.0, seen
    while term > total * 1e-17:
        total, k = total + term, k + 1
        term *= expected / k
    return total


def expected_elsewhere(hours: Mapping[str, int], hour: str, utc_offset: float) -> float | None:
    """Answers an hour in the site's other hours: those of the day that it ever used, from its first day to its last.

    `hours`: UTC hour -> answers. None where there is no other hour to compare with.
    """
    shift = timedelta(hours=utc_offset)
    days = {(hour_start(one) + shift).date() for one in hours}
    slots = ((max(days) - min(days)).days + 1) * len({local_hour(one, utc_offset) for one in hours})
    return (sum(hours.values()) - hours[hour]) / (slots - 1) if slots > 1 else None


def bursts(sites: Mapping[str, Mapping[str, int]], parameters: Parameters) -> list[Mark]:
    """Marks of (site, hour); `sites`: site -> UTC hour -> answers, without those of sessions and paper."""
    own, offset = parameters["burst"], parameters["night"]["utc_offset"]
    tested = sum(len(hours) for hours in sites.values() if len(hours) > 1)
    marks = []
    for site, hours in sorted(sites.items()):
        for hour, seen in sorted(hours.items()):
            elsewhere = expected_elsewhere(hours, hour, offset)
            if elsewhere is None or seen < 2:
                continue
            expected = max(elsewhere, own["least_expected"])
            chance, limit = burst_probability(seen, expected), own["alpha"] / max(tested, 1)
            if chance < limit:
                place = {"site": site, "hour": hour}
                marks.append(Mark("burst", place, _short(chance), _short(limit), _short(expected), seen))
    return marks


Groups = Mapping[tuple[str, str, str], Mapping[str, int]]
"""(site, session, distribution) -> UTC hour -> answers."""


def within_one_hour(groups: Groups, slips: Mapping[tuple[str, str, str], int], parameters: Parameters) -> list[Mark]:
    """Marks of the one hour in which nearly all slips of a site, session and distribution were used."""
    own, marks = parameters["one_hour"], []
    for group, hours in sorted(groups.items()):
        n, distribution = sum(hours.values()), group[2]
        if group not in slips or distribution in TOGETHER or n < own["least_answers"]:
            continue
        busiest = max(sorted(hours), key=lambda hour: hours[hour])
        share = hours[busiest] / n
        if share >= own["share"]:
            place = _place(group) | {"hour": busiest}
            marks.append(Mark("one_hour", place, _short(share), own["share"], n, hours[busiest]))
    return marks


def more_than_slips(
    answers: Mapping[tuple[str, str, str], int], slips: Mapping[tuple[str, str, str], int]
) -> list[Mark]:
    """Marks of groups with more answers than slips; groups without slips (posters) have no limit."""
    return [
        Mark("more_than_slips", _place(group), number, slips[group], slips[group], number)
        for group, number in sorted(answers.items())
        if group in slips and number > slips[group]
    ]


def more_than_contacts(sites: Mapping[str, int], contacts: Mapping[str, int], parameters: Parameters) -> list[Mark]:
    """Marks of sites with more answers than service contacts; `sites`: site -> answers."""
    share = parameters["more_than_contacts"]["share"]
    return [
        Mark("more_than_contacts", {"site": site}, number, _short(share * contacts[site]), contacts[site], number)
        for site, number in sorted(sites.items())
        if site in contacts and number > share * contacts[site]
    ]


def much_assisted(sites: Mapping[str, int], assisted: Mapping[str, int], parameters: Parameters) -> list[Mark]:
    """Marks of sites whose staff helped with many answers; the marked answers are those that were helped."""
    own, marks = parameters["staff_assisted"], []
    for site, number in sorted(sites.items()):
        helped = assisted.get(site, 0)
        if helped and number >= own["least_answers"] and helped / number >= own["share"]:
            place = {"site": site, "assistance": "service_staff"}
            marks.append(Mark("staff_assisted", place, _short(helped / number), own["share"], number, helped))
    return marks


def all_satisfied(valid: Mapping[str, int], satisfied: Mapping[str, int], parameters: Parameters) -> list[Mark]:
    """Marks of sites where everybody is satisfied; numbers of valid and satisfied answers to the headline item."""
    least = parameters["all_satisfied"]["least_answers"]
    return [
        Mark("all_satisfied", {"site": site}, number, least, number, number)
        for site, number in sorted(valid.items())
        if number >= least and satisfied.get(site, 0) == number
    ]


def _place(group: tuple[str, str, str]) -> dict[str, str]:
    return dict(zip(("site", "session", "distribution"), group, strict=True))


def _short(value: float) -> float:
    """Six significant digits: enough to compare by eye, the same on every machine."""
    return float(f"{value:.6g}")
