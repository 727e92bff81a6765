"""`minyi import-responses`: answers on paper, typed into a table, one person a row."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import click

from service.cli.options import opened_database, settings_or_exit

_BAD_ROWS, _UNUSABLE = 1, 2


@click.command("import-responses")
@click.argument("file", type=click.File("rb"))
@click.option("--campaign", required=True, metavar="ID", help="The campaign that the answers belong to.")
@click.option("--as", "username", required=True, metavar="USER", help="The evaluator who answers for the import.")
@click.option("--all-or-nothing", "mode", flag_value="all_or_nothing", default=True, help="The default.")
@click.option("--good-rows", "mode", flag_value="good_rows", help="Take in what is right, name the others.")
@click.option("--database", metavar="URL", help="Instead of MINYI_DATABASE.")
def import_responses(file: IO[bytes], campaign: str, username: str, mode: str, database: str | None) -> None:
    """Take in answers on paper from a CSV (UTF-8) or XLSX: exit code 0 if every row is in, 1 naming each bad row.

    The header names the questions by id, the rows of a matrix as question/row; several choices stand as a;b. Further
    columns: _code (of the slip), or _row and _batch; _mode, _language, _received. A repeat counts nothing twice.
    """
    settings = settings_or_exit()
    with opened_database(database or settings.database):
        from service.domain.errors import Refused
        from service.operations import organisations
        from service.operations.collect import imports

        now = datetime.now(UTC).replace(microsecond=0)
        try:
            actor = organisations.named(username)
            done = imports.take_in(actor, now, campaign, file, settings.keys(), mode)
        except Refused as refused:
            rows = [fault for fault in refused.faults if fault.field.startswith("rows.")]
            for line in imports.lines_of(rows) if rows else [str(refused)]:
                click.echo(line, err=True)
            if rows:
                click.echo(f"{Path(file.name).name}: nothing was taken in", err=True)
            sys.exit(_BAD_ROWS if rows else _UNUSABLE)
    for line in imports.lines_of(done.faults):
        click.echo(line, err=True)
    click.echo(f"{done.accepted} taken in, {done.repeated} were there already, {done.refused} refused")
    sys.exit(_BAD_ROWS if done.refused else 0)
