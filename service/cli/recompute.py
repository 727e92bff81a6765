"""`minyi recompute`: everything that is counted, counted again from the single answers."""

import sys
from pathlib import Path

import click

from service.cli.options import opened_database

_DIFFERS, _UNUSABLE = 1, 2


@click.command("recompute")
@click.option("--check", is_flag=True, help="Compare; nothing is rewritten. Needed, so that nobody expects a repair.")
@click.option("--campaign", "campaigns", multiple=True, metavar="ID", help="Only this one; may be given again.")
@click.option("--package", type=click.Path(exists=True, path_type=Path), help="An evidence package, without database.")
@click.option("--database", metavar="URL", help="Instead of MINYI_DATABASE; no other setting is needed then.")
def recompute(check: bool, campaigns: tuple[str, ...], package: Path | None, database: str | None) -> None:
    """Count all answers again: exit code 0 if every tally is right, 1 naming each cell and count that differs.

    Seals first what is waiting, as the service would. May run beside it. With --package (a ZIP or its folder) the
    figures of a round's surveys are computed again from the tallies in it, with neither server nor database.
    """
    if package is not None:
        if check or campaigns or database:
            raise click.UsageError("--package is checked by itself; give it alone.")
        sys.exit(_DIFFERS if _of_package(package) else 0)
    if not check:
        raise click.UsageError("Give --check: tallies are compared with the answers, never rewritten.")
    with opened_database(database):
        differs = _checked(campaigns)
    sys.exit(_DIFFERS if differs else 0)


def _checked(wanted: tuple[str, ...]) -> bool:
    from service.domain.errors import Refused
    from service.operations.collect import seals

    known = seals.all_campaigns()
    for campaign in wanted:
        if campaign not in known:
            click.echo(f"{campaign}: there is no opened campaign of this id", err=True)
            sys.exit(_UNUSABLE)
    differs = False
    for campaign in wanted or known:
        try:
            differs |= _told(campaign, seals.recount(campaign))
        except Refused as refused:
            click.echo(f"{campaign}: {refused}", err=True)
            sys.exit(_UNUSABLE)
    # Receipts name no campaign, so they can only be checked all together.
    return differs if wanted else _told("receipts", seals.recount_receipts()) or differs


def _told(what: str, broken: list[str]) -> bool:
    for sentence in broken:
        click.echo(f"{what}: {sentence}", err=True)
    if not broken:
        click.echo(f"{what}: holds")
    return bool(broken)


def _of_package(path: Path) -> bool:
    from service.cli import packages
    from service.domain.errors import Refused

    differs = False
    try:
        for wrong, what in packages.differing(path):
            click.echo(f"{what}: {wrong}" if wrong else what, err=bool(wrong))
            differs |= bool(wrong)
    except (Refused, KeyError, TypeError, AttributeError) as error:
        click.echo(f"{path}: this is no evidence package of a round ({error})", err=True)
        sys.exit(_UNUSABLE)
    return differs
