"""`minyi export-journal` and `minyi verify-journal`: the journal as JSON lines, checked without server or database."""

import json
import sys
from collections.abc import Iterator

import click

from service.cli.options import opened_database
from service.domain import journal
from service.domain.errors import Refused
from service.domain.journal import JournalEntry

_BROKEN, _BAD_INPUT = 1, 2


@click.command("export-journal")
@click.option("--scope", "scopes", multiple=True, help="Only this chain, such as project:ID; may be given again.")
@click.option("--database", metavar="URL", help="Instead of MINYI_DATABASE; no other setting is needed then.")
def export_journal(scopes: tuple[str, ...], database: str | None) -> None:
    """Print the journal as one JSON object a line, chain by chain."""
    with opened_database(database):
        from service.operations import acts

        for entry in acts.journal_entries(scopes):
            click.echo(json.dumps(journal.to_plain(entry), ensure_ascii=False))


@click.command("verify-journal")
@click.argument("file", type=click.File("r", encoding="utf-8"))
def verify_journal(file: Iterator[str]) -> None:
    """Verify a dump of the journal: exit code 0 if every chain holds, 1 naming the entry that does not.

    Prints the head of each chain. Entries cut off at the end change nothing before them: compare the head with one
    that was noted down earlier.
    """
    chains: dict[str, list[JournalEntry]] = {}
    for number, line in enumerate(file, 1):
        if line.strip():
            entry = _read(number, line)
            chains.setdefault(entry.scope, []).append(entry)
    broken = False
    for scope, entries in chains.items():
        wrong = journal.first_break(entries)
        broken |= wrong is not None
        head = f"{len(entries)} entries, head {entries[-1].hash}"
        click.echo(f"{scope}: {wrong or head}", err=wrong is not None)
    sys.exit(_BROKEN if broken else 0)


def _read(number: int, line: str) -> JournalEntry:
    try:
        return journal.from_plain(json.loads(line))
    except (ValueError, Refused) as error:
        click.echo(f"line {number}: {error}", err=True)
        sys.exit(_BAD_INPUT)
