"""`minyi export`: answers, figures, releases, results and evidence packages into a file, as the desk gives them."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from service.cli.applications import application, fresh_file
from service.cli.options import settings_or_exit

_UNUSABLE = 2
WHAT = ("responses", "figures", "questions", "codebook", "release", "result", "package")
SUFFIXES = {".csv": "csv", ".xlsx": "xlsx", ".jsonl": "jsonl", ".zip": "zip"}


@click.command("export")
@click.argument("what", type=click.Choice(WHAT))
@click.argument("id")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--as", "username", required=True, metavar="USER", help="Whose rights decide what may be taken away.")
@click.option(
    "--number", default=1, show_default=True, metavar="N", help="Which release, or which version of a result."
)
@click.option("--values", type=click.Choice(("codes", "labels")), help="Of answers: codes (CSV) or labels (XLSX).")
@click.option("--language", type=click.Choice(("zh-Hans", "zh-Hant", "en")), default="zh-Hans", show_default=True)
@click.option("--database", metavar="URL", help="Instead of MINYI_DATABASE.")
def export(what: str, id: str, file: Path, username: str, language: str, database: str | None, **asked: Any) -> None:
    """Write FILE: a .csv, .xlsx or .jsonl of a campaign or round, or the .zip of a round's evidence (package).

    ID is that of the campaign; of the round for `result` and `package`. An existing FILE is not overwritten.
    """
    form = SUFFIXES.get(file.suffix, "")
    if not form or (form == "zip") != (what == "package"):
        raise click.UsageError("FILE ends in .zip for a package, else in .csv, .xlsx or .jsonl.")
    settings = settings_or_exit()
    with fresh_file(file) as output, application(settings, database):
        from service.domain.errors import Refused
        from service.operations import organisations
        from service.web.languages import speak

        speak(language)
        try:
            response = _answer(organisations.named(username), what, id, form, asked["number"], asked["values"] or "")
            for piece in response.iter_encoded():
                output.write(piece)
        except Refused as refused:
            click.echo(str(refused), err=True)
            sys.exit(_UNUSABLE)
    click.echo(f"{file}: {file.stat().st_size} bytes")


def _answer(actor: Any, what: str, id: str, form: str, number: int, values: str) -> Any:
    """The same bytes as the desk's links give."""
    from service.web.exporting import campaigns, releases, round_packages, rounds
    from service.web.exporting.delivery import deliver

    match what:
        case "responses":
            return campaigns.answers_file(actor, id, datetime.now(UTC), form, values)
        case "figures":
            return campaigns.figures_file(actor, id, form)
        case "questions":
            return deliver([campaigns.questions(actor, id)], form, id)
        case "codebook":
            return deliver([campaigns.codebook(actor, id)], form, id)
        case "release":
            return deliver(releases.release(actor, id, number), form, id)
        case "result":
            return deliver(rounds.result(actor, id, number), form, id)
    return round_packages.package(actor, id)
