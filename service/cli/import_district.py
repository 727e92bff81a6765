"""`minyi import-district`: one workbook makes the projects, sites, campaigns, rounds and slips of many stations."""

import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from service.cli.options import opened_database, settings_or_exit

_NOT_ALL, _UNUSABLE = 1, 2


@click.command("import-district")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "username", required=True, metavar="USER", help="The evaluator who answers for it.")
@click.option("--dry-run", is_flag=True, help="Check everything and write nothing.")
@click.option("--codes", metavar="FOLDER", type=click.Path(file_okay=False, path_type=Path), help="Where codes go.")
@click.option("--database", metavar="URL", help="Instead of MINYI_DATABASE.")
def import_district(file: Path, username: str, dry_run: bool, codes: Path | None, database: str | None) -> None:
    """Make what FILE, an XLSX with the sheets `stations` and `round`, asks for. Again: what is there already stays.

    FOLDER gets a CSV of codes and links for each new batch; they are nowhere else, what is stored are keyed hashes.
    """
    settings = settings_or_exit()
    with opened_database(database or settings.database):
        from service.domain.errors import Refused
        from service.operations import organisations
        from service.operations.procedure import districts

        now, key = datetime.now(UTC).replace(microsecond=0), settings.keys()[0]
        try:
            evaluator = organisations.named(username)
            district = districts.read(evaluator, now, file.read_bytes(), key)
        except Refused as refused:
            _tell_refusal(refused)
            sys.exit(_UNUSABLE)
        if codes is None and not dry_run and district.of("batch"):
            raise click.UsageError("Name a FOLDER for the codes with --codes; they are shown this once.")
        needed = not settings.demo
        found: list[Any] = []
        # Projects and sites are made by whoever has the machine, the rest by the evaluator who answers for it.
        for actor in (organisations.AT_THE_MACHINE, evaluator):
            if dry_run:
                found = _joined(found, districts.preview(actor, now, district, needed))
            else:
                made = districts.carry_out(actor, now, district, key, needed)
                _write(made, codes, settings.base_url)
                found = _joined(found, made)
        _tell(found, districts.counts(found))
    sys.exit(_NOT_ALL if any(step.outcome in ("differs", "refused", "waits") for step in found) else 0)


def _joined(before: list[Any], after: list[Any]) -> list[Any]:
    """What the first of the two made or would make, else what the second did: each thing once."""
    told = {(step.kind, step.id): step for step in before if step.outcome not in ("waits", "there")}
    later = {(step.kind, step.id): step for step in after}
    return [told.get(key, step) for key, step in later.items()]


def _write(steps: Iterable[Any], folder: Path | None, base_url: str) -> None:
    """A CSV a batch that only its owner may read: whoever has the codes can answer."""
    from service.domain.collect.tickets import grouped

    for step in steps:
        if step.codes and folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = folder / f"{step.id}.csv"
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
                out.write("code,link\r\n")
                out.writelines(f"{grouped(code)},{base_url}/s/{code}\r\n" for code in step.codes)


def _tell(steps: Iterable[Any], counts: dict[str, dict[str, int]]) -> None:
    for step in steps:
        for fault in step.faults:
            click.echo(f"row {step.row}, {step.kind} {step.id}: {fault.field}: {fault.message}", err=True)
    for kind, outcomes in counts.items():
        click.echo(f"{kind}: " + ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())))


def _tell_refusal(refused: Any) -> None:
    click.echo(refused.message, err=True)
    for fault in refused.faults:
        click.echo(f"{fault.field}: {fault.message}", err=True)
