"""`minyi calendar import`: the days off that the State Council announced for a year."""

import sys
from datetime import UTC, datetime
from typing import TextIO

import click

from service.cli.options import opened_database

_REFUSED = 1


@click.group("calendar")
def calendar() -> None:
    """Which days are worked, by which deadlines are counted."""


@calendar.command("import")
@click.argument("file", type=click.File(encoding="utf-8-sig"))
@click.option("--year", type=click.IntRange(2000, 2100), required=True)
@click.option("--source", required=True, help="The announcement, with its number and date.")
@click.option("--database", metavar="URL", help="Instead of MINYI_DATABASE; no other setting is needed then.")
def import_year(file: TextIO, year: int, source: str, database: str | None) -> None:
    """Enter the announced days of a year: CSV with the header `date,day`.

    A row for each weekday that is off (`2027-01-01,off`) and for each weekend day that is worked (`2027-02-06,work`).
    Until a year is entered or known to the package chinesecalendar, its deadlines are marked provisional.
    """
    from service.domain import deadlines
    from service.domain.errors import Refused
    from service.operations import calendars, organisations

    with opened_database(database):
        try:
            entered, new = calendars.enter(organisations.AT_THE_MACHINE, datetime.now(UTC), year, file.read(), source)
        except (Refused, UnicodeDecodeError) as error:
            click.echo(f"{file.name}: {error}", err=True)
            sys.exit(_REFUSED)
    for first, last, works in deadlines.streaks(entered.days):
        click.echo(f"{first}{'' if first == last else f' to {last}'}: {'worked' if works else 'off'}")
    click.echo(f"{year}: {len(entered.days)} days, version {entered.version}{'' if new else ', as it was'}")
