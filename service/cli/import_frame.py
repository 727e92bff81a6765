"""`minyi import-frame`: a list of records or persons becomes a frozen frame."""

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import IO, Any

import click

from service.cli.options import opened_database, settings_or_exit

_BAD_ROWS, _UNUSABLE = 1, 2


def _pairs(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """COLUMN=ROLE; without a role it is "other"."""
    split = (value.rpartition("=") for value in values)
    return {column or role: role if column else "other" for column, _, role in split}


def _number(ctx: click.Context, param: click.Parameter, value: str | None) -> Decimal | None:
    try:
        return None if value is None else Decimal(value)
    except InvalidOperation:
        raise click.BadParameter("give a number such as 1200 or 350.5.") from None


def _day(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter("give a day such as 2026-12-31.") from None


@click.command("import-frame")
@click.argument("file", type=click.File("rb"))
@click.option("--project", required=True, metavar="ID", help="The project that the list belongs to.")
@click.option("--as", "username", required=True, metavar="USER", help="The evaluator who answers for the import.")
@click.option("--name", required=True, help="What the list is called.")
@click.option("--source", required=True, help="Where it comes from, such as the case register as of a day.")
@click.option("--id", "id", metavar="ID", help="The frame's id, so that a repeat finds it; else one is made.")
@click.option(
    "--kind", default="case", help="case, group, session, activity, roster, plan, recipient, worker, partner."
)
@click.option("--direction", default="claims", help="claims: claimed records; evidence: what records are looked for.")
@click.option("--serial", default="", metavar="COLUMN", help="Column of the serials, or what they are made from.")
@click.option("--make-serials", "make", is_flag=True, help="Make opaque serials: the same again for the same list.")
@click.option("--stratum", default="", metavar="COLUMN")
@click.option("--site", default="", metavar="COLUMN", help="Ids or names of the project's sites.")
@click.option("--date", "on", default="", metavar="COLUMN", help="Days, held against the contract.")
@click.option("--amount", default="", metavar="COLUMN", help="Amounts, summed against --claimed.")
@click.option("--personal", multiple=True, callback=_pairs, metavar="COLUMN=ROLE", help="Encrypted apart. Repeatable.")
@click.option("--detail", "details", multiple=True, metavar="COLUMN", help="Shown to the auditor. Repeatable.")
@click.option("--contacts-until", callback=_day, metavar="DAY", help="When the personal columns are deleted.")
@click.option("--counter", default="", metavar="RULE", help="Rule of the claimed counter, such as G15.")
@click.option("--claimed", callback=_number, metavar="NUMBER", help="What is claimed in all.")
@click.option("--database", metavar="URL", help="Instead of MINYI_DATABASE.")
def import_frame(
    file: IO[bytes], project: str, username: str, id: str | None, database: str | None, **asked: Any
) -> None:
    """Take in a list (CSV or XLSX) and freeze it: exit code 0 if it is frozen, 1 naming each row to mend.

    A list that does not add up to the claim, or has days outside the contract, is frozen and marked.
    """
    settings = settings_or_exit()
    with opened_database(database or settings.database):
        from service.domain.errors import Refused
        from service.domain.inspect.frame_columns import ColumnMapping
        from service.operations import organisations
        from service.operations.inspect import frame_imports

        given = ("serial", "make", "stratum", "site", "on", "amount", "personal", "details")
        mapping = ColumnMapping(**{name: asked.pop(name) for name in given})
        now, name = datetime.now(UTC).replace(microsecond=0), Path(file.name).name
        try:
            actor = organisations.named(username)
            with _progress() as told:
                read = frame_imports.read(file, told)
                frame, new = frame_imports.take_in(
                    actor, now, settings.keys(), project, id or secrets.token_hex(8), read,
                    frame_imports.Asked(mapping=mapping, **asked), told,
                )  # fmt: skip
        except Refused as refused:
            sys.exit(_told(refused, name))
    _report(frame, new)


@contextmanager
def _progress() -> Iterator[Any]:
    """A bar on stderr while rows are gone through; how many there are is known at the end only."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed:,} rows"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=False) as bar:
        task = bar.add_task("rows", total=None)
        yield lambda rows: bar.update(task, completed=rows)
        bar.update(task, total=bar.tasks[0].completed or 1)


def _told(refused: Any, name: str) -> int:
    for fault in refused.faults:
        place = fault.field.removeprefix("rows.")
        number, _, column = place.partition(".")
        where = f"row {number}{', column ' + column if column else ''}" if number.isdigit() else place
        click.echo(f"{where}: {fault.message}", err=True)
    more = refused.params.get("total", 0) - len(refused.faults)
    if more > 0:
        click.echo(f"and {more} more", err=True)
    click.echo(f"{name}: nothing was taken in. {refused.message}", err=True)
    return _BAD_ROWS if any(fault.field.startswith("rows.") for fault in refused.faults) else _UNUSABLE


def _report(frame: Any, new: bool) -> None:
    from service.operations.inspect.frame_imports import faults_of

    click.echo(
        f"frame {frame.id}: {len(frame.serials)} items, SHA-256 {frame.sha256}{'' if new else ' (was there already)'}"
    )
    for fault in faults_of(frame.findings):
        click.echo(f"{fault.field}: {fault.message}", err=True)
    if frame.findings_count > len(frame.findings):
        click.echo(f"and {frame.findings_count - len(frame.findings)} more", err=True)
    if frame.marked:
        click.echo("marked: the list does not add up to the claim, or has days outside the contract", err=True)
