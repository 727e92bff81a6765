"""`minyi satisfaction`: figures of a campaign, sites side by side, the trend of a project; as a table or JSON."""

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import click

from service.cli.options import opened_database, settings_or_exit

_REFUSED = 2


@click.command("satisfaction")
@click.argument("campaigns", nargs=-1, metavar="[CAMPAIGN]...")
@click.option("--as", "username", required=True, metavar="USER", help="The evaluator who reads.")
@click.option("--by", multiple=True, metavar="DIMENSION", help="Split by site, mode, … or a weighting variable.")
@click.option("--where", multiple=True, metavar="DIMENSION=VALUE", help="Only these answers; several values add up.")
@click.option("--figure", "names", multiple=True, metavar="NAME", help="satisfied, top2, index, mean:item …")
@click.option("--scale", default="satisfaction", show_default=True, metavar="NAME")
@click.option("--formula", default="", metavar="NAME", help="Of the index: linear, or 100-50-0 from the best down.")
@click.option("--weights", multiple=True, metavar="DIMENSION@FRAME", help="Weight to the totals of a frozen frame.")
@click.option("--cluster", default="", type=click.Choice(["", "session", "site"]), help="Answers of one are alike.")
@click.option("--interval", default="wilson", show_default=True, type=click.Choice(["wilson", "exact"]))
@click.option("--compare", is_flag=True, help="Sites of the campaign, or several campaigns, beside one another.")
@click.option("--trend", "project", metavar="PROJECT", help="The figure over the project's campaigns.")
@click.option("--label", default="", help="Says what a list is whose members were not asked alike.")
@click.option("--json", "as_json", is_flag=True, help="As the API answers it.")
@click.option("--database", metavar="URL", help="Instead of MINYI_DATABASE.")
def satisfaction(**options: Any) -> None:
    """Print figures with n, N, interval or the reason for none, and limits: exit code 2 with the refusal if any."""
    settings = settings_or_exit()
    with opened_database(options.pop("database") or settings.database):
        from service.domain.errors import Refused

        try:
            found = _found(options)
        except Refused as refused:
            click.echo(str(refused), err=True)
            sys.exit(_REFUSED)
    if options["as_json"]:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2, sort_keys=True))
        return
    for line in _lines(found):
        click.echo(line)


def _found(options: Mapping[str, Any]) -> dict[str, Any]:
    """What the API would answer."""
    from schemas.collect.estimates import FigureComparisonSchema, FigureTrendSchema
    from schemas.collect.satisfaction import SatisfactionSchema
    from service.operations import organisations
    from service.operations.collect import comparisons
    from service.operations.collect import satisfaction as figures
    from service.operations.collect.comparisons import Asking

    actor, ids = organisations.named(options["username"]), list(options["campaigns"])
    how = {name: options[name] for name in ("scale", "formula", "weights", "cluster", "interval")}
    where = _where(options["where"])
    asking = Asking(next(iter(options["names"]), "satisfied"), where, label=options["label"], **how)
    if options["project"]:
        return dict(FigureTrendSchema().dump(comparisons.trend(actor, options["project"], ids, asking)))
    if not ids:
        raise click.UsageError("name a campaign, or --trend PROJECT")
    if len(ids) > 1:
        from service.operations.collect import campaigns

        project = campaigns.get(actor, ids[0]).project
        return dict(FigureComparisonSchema().dump(comparisons.of_campaigns(actor, project, ids, asking)))
    if options["compare"]:
        by = next(iter(options["by"]), "site")
        return dict(FigureComparisonSchema().dump(comparisons.of_sites(actor, ids[0], asking, by)))
    found = figures.figures(actor, ids[0], options["by"], where, **how)
    groups = [
        {
            "group": dict(zip(found.by, key, strict=True)),
            "estimate": estimate,
            "figures": figures.named(estimate, options["names"]),
        }
        for key, estimate in found.groups
    ]
    return dict(SatisfactionSchema().dump({"campaign": ids[0], "revision": found.revision, "groups": groups}))


def _where(written: tuple[str, ...]) -> dict[str, list[str]]:
    where: dict[str, list[str]] = {}
    for one in written:
        name, equals, value = one.partition("=")
        if not equals:
            raise click.UsageError(f"--where {one}: write DIMENSION=VALUE")
        where.setdefault(name, []).append(value)
    return where


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    """A line a figure; of a comparison places and separated pairs, of a trend its line."""
    if "groups" in found:
        for group in found["groups"]:
            name = ", ".join(f"{key} {value}" for key, value in group["group"].items()) or found["campaign"]
            for figure in group["figures"]:
                yield f"{name}\t{_figure(figure)}"
        return
    compared = found.get("comparison", found)
    places = {place["key"]: place for place in compared["places"]}
    for member in compared["members"]:
        place = places.get(member["key"])
        rank = "–" if place is None else f"{place['first']}–{place['last']}"
        yield f"{rank}\t{member['key']}\t{_figure(member['figure'])}"
    for pair in compared["pairs"]:
        if pair["separated"]:
            yield f"{pair['one']} differs from {pair['other']} by {_short(pair['value'])} ({pair['method']})"
    if "line" in found:
        line = found["line"]
        limits = _range(line["interval"]) if line["interval"] else line["reason"]
        yield f"change a year\t{_short(line['slope'])}\t{limits}"


def _figure(figure: Mapping[str, Any]) -> str:
    limits = _range(figure["interval"]) if figure["interval"] else f"no interval: {figure['reason']}"
    size = f"n {figure['n']}" + (f" of N {figure['population']}" if figure["population"] else "")
    told = [
        figure["name"],
        _short(figure["value"]),
        limits,
        size,
        figure["design"],
        figure["method"] or figure["formula"],
    ]
    return "\t".join([*told, *([", ".join(figure["limits"])] if figure["limits"] else [])])


def _range(interval: Mapping[str, str]) -> str:
    return f"{_short(interval['lower'])} to {_short(interval['upper'])}"


def _short(value: str | None) -> str:
    return "–" if value is None else f"{float(value):.4f}"
