"""Charts of a campaign's progress and of the times at which answers came."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from flask_babel import gettext

from service.domain.collect.campaigns import Campaign
from service.domain.collect.imports import CHINA
from service.domain.errors import Refused
from service.operations import projects
from service.operations.collect import progress, quality
from service.web.auth import actor
from service.web.charts import wording
from service.web.charts.shapes import Chart
from service.web.languages import spoken
from service.web.pages.desk.charts import chart
from service.web.pages.desk.collect.control import DAYS

MOST_HOURS = 14 * 24  # beyond that the bars of hours would be too thin to be seen


@chart("campaigns/<id>/charts/progress", "progress.read")
def campaign_progress(id: str) -> Chart | None:
    """Answers of each site against its target; for others than the evaluator the coarse totals, without targets."""
    told = progress.of(actor(), id)
    names = _names(told.campaign)
    if told.totals:
        coarse = [(names.get(one.site, one.site), one.at_least, None) for one in told.totals if one.at_least]
        return wording.progress(gettext("Answers by site, in steps of ten"), coarse) if coarse else None
    rows = []
    for site in told.sites:
        target = next((one.quota.target for one in site.quotas if not one.quota.variable), None)
        rows.append((names.get(site.site, site.site), site.answered, target))
    return wording.progress(gettext("Answers by site against the target"), rows) if rows else None


@chart("campaigns/<id>/charts/days", "responses.read")
def campaign_days(id: str) -> Chart | None:
    """Answers by day of the last weeks, all sites together. Days as they are kept, in UTC."""
    counts: dict[str, int] = {}
    for site in progress.of(actor(), id).sites:
        for day, number in site.days.items():
            counts[day] = counts.get(day, 0) + number
    if not counts:
        return None
    last = date.fromisoformat(max(counts))
    first = max(date.fromisoformat(min(counts)), last - timedelta(days=DAYS - 1))
    days = [(first + timedelta(days=place)).isoformat() for place in range((last - first).days + 1)]
    shown = {day: counts.get(day, 0) for day in days}
    return wording.timeline(gettext("Answers by day"), shown, gettext("Answers a day"), {}, [_day(day) for day in days])


@chart("campaigns/<id>/charts/hours", "quality.read")
def campaign_hours(id: str) -> Chart | None:
    """Answers by hour (by day, if they came over more than two weeks), with the hours in which too many came."""
    found = {_local(hour): number for hour, number in quality.hours(actor(), id).items()}
    if not found:
        return None
    flagged = _bursts(id)
    first, last = min(found), max(found)
    step, form = timedelta(hours=1), "%Y-%m-%d %H:00"
    if last - first > timedelta(hours=MOST_HOURS):
        step, form = timedelta(days=1), "%Y-%m-%d"
        first = first.replace(hour=0)
    counts: dict[str, int] = {}
    at = first
    while at <= last:
        counts[at.strftime(form)] = 0
        at += step
    for hour, number in found.items():
        counts[hour.strftime(form)] += number
    marked: dict[str, str] = {}
    for hour, why in flagged:
        name = hour.strftime(form)
        marked[name] = gettext("; ").join([*([marked[name]] if name in marked else []), why])
    by = gettext("Answers an hour") if form.endswith("00") else gettext("Answers a day")
    days = [_day(day) for day in dict.fromkeys(moment[:10] for moment in counts)]
    return wording.timeline(gettext("When answers came"), counts, by, marked, days)


def _bursts(id: str) -> list[tuple[datetime, str]]:
    """(hour, what is odd about it) of the last scan's marks; none before there was one."""
    try:
        found = quality.of(actor(), id)
    except Refused as refused:
        if refused.reason != "not_found":
            raise
        return []
    names = _names(progress.of(actor(), id).campaign)
    return [
        (
            _local(mark.place["hour"]),
            gettext(
                "%(site)s %(seen)s where %(expected)s were to be expected",
                site=names.get(mark.place["site"], mark.place["site"]),
                seen=mark.n,
                expected=f"{mark.reference:.1f}",
            ),
        )
        for mark, _ in found.places
        if mark.kind == "burst"
    ]


def _names(campaign: Campaign) -> Mapping[str, str]:
    return {site.id: site.name for site in projects.sites(actor(), campaign.project)}


def _local(hour: str) -> datetime:
    """An hour as it is kept, `2026-11-22T09` in UTC, in China."""
    return datetime.fromisoformat(f"{hour}:00+00:00").astimezone(CHINA)


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.month}月{day.day}日" if spoken().startswith("zh") else f"{day.day} {day:%b}"
