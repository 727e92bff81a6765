"""`minyi mark-quality`: look for answers and places that need a look, for cron and for large campaigns."""

import sys
from datetime import UTC, datetime

import click

from service.cli.options import opened_database

_UNUSABLE = 2


@click.command("mark-quality")
@click.argument("campaigns", nargs=-1, metavar="[CAMPAIGN]...")
@click.option("--database", metavar="URL", help="Instead of MINYI_DATABASE; no other setting is needed then.")
def mark_quality(campaigns: tuple[str, ...], database: str | None) -> None:
    """Scan the answers of these campaigns, or of all opened ones, for quality marks. Excludes nothing.

    Parameters are those of the round's scheme, else of the campaign's last scan, else the defaults. May run beside the
    service, again at any time.
    """
    with opened_database(database):
        failed = _scanned(campaigns)
    sys.exit(_UNUSABLE if failed else 0)


def _scanned(wanted: tuple[str, ...]) -> bool:
    from service.domain.errors import Refused
    from service.operations.collect import quality, seals
    from service.operations.evaluate import rounds

    known, failed = seals.all_campaigns(), False
    for campaign in wanted or known:
        if campaign not in known:
            click.echo(f"{campaign}: there is no opened campaign of this id", err=True)
            failed = True
            continue
        try:
            made = quality.scan_again(datetime.now(UTC), campaign, rounds.thresholds(campaign))
        except Refused as refused:
            click.echo(f"{campaign}: {refused}", err=True)
            failed = True
            continue
        marks = ", ".join(f"{kind} {number}" for kind, number in made.counts.items()) or "no marks"
        click.echo(f"{campaign}: {made.answers} answers, {marks}")
    return failed
