"""`minyi print-slips`: a batch of codes is made and set in type in one go, with a progress bar."""

import secrets
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from service.cli.applications import application, fresh_file
from service.cli.options import settings_or_exit

_UNUSABLE = 2
_NOT_MADE = "the sheet could not be made, and its codes were shown to nobody"


@click.command("print-slips")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--campaign", required=True, metavar="ID", help="The campaign that the codes belong to.")
@click.option("--site", required=True, metavar="ID", help="Where they are handed out.")
@click.option("--session", default="", metavar="ID", help="The session of the site; the codes end with it.")
@click.option("--grace-minutes", default=0, metavar="N", help="How long after the session they still work.")
@click.option("--count", default=24, metavar="N", show_default=True, help="How many.")
@click.option("--distribution", default="", metavar="CODE", help="How they reach people; `poster` for a poster.")
@click.option("--frame", default="", metavar="ID", help="The list that drawn persons were drawn from.")
@click.option("--replaces", default="", metavar="ID", help="The voided batch whose persons get these.")
@click.option("--language", "languages", multiple=True, metavar="TAG", help="At most two, the main one first.")
@click.option("--as", "username", required=True, metavar="USER", help="The evaluator who answers for the codes.")
@click.option("--database", metavar="URL", help="Instead of MINYI_DATABASE.")
def print_slips(file: Path, languages: tuple[str, ...], username: str, database: str | None, **asked: Any) -> None:
    """Make a batch of codes and write FILE: a .pdf of slips or a poster, or a .csv of links for text messages.

    The codes are in FILE and nowhere else: what is stored are keyed hashes. An existing FILE is not overwritten.
    """
    if file.suffix not in (".pdf", ".csv"):
        raise click.UsageError("FILE ends in .pdf or .csv.")
    settings = settings_or_exit()
    with application(settings, database), fresh_file(file) as output:
        from service.domain.errors import Refused

        try:
            count, batch = _made(settings, username, asked, list(languages), file.suffix == ".csv", output.write)
        except Refused as refused:
            click.echo(str(refused), err=True)
            sys.exit(_UNUSABLE)
    click.echo(f"{file}: {count} codes of batch {batch}")


def _made(
    settings: Any,
    username: str,
    asked: dict[str, Any],
    languages: list[str],
    as_links: bool,
    write: Callable[[bytes], Any],
) -> tuple[int, str]:
    """Make the batch once it is sure that it can be printed; void it if that fails after all. -> (codes, batch)."""
    from service.domain.collect.tickets import POSTER, SLIP, Batch
    from service.operations import organisations
    from service.operations.collect import batches, sheets, tickets
    from service.web.printing import pdf, words

    now, actor, key = datetime.now(UTC).replace(microsecond=0), organisations.named(username), settings.keys()[0]
    kind = POSTER if asked["distribution"] == POSTER else SLIP
    batch = Batch(id=secrets.token_hex(8), kind=kind, key_id=key.id, created_at=now, created_by=actor.id, **asked)
    layout, base_url = "poster" if kind == POSTER else "slips", settings.base_url
    blank = sheets.blank(actor, batch)
    pdf.check(words.job_of(blank, layout, languages, base_url, settings.font))
    if as_links:
        sheets.invitations(blank)
    made, codes = tickets.create_batch(actor, now, batch, key)
    try:
        sheet = sheets.blank(actor, made, codes)
        job = words.job_of(sheet, layout, languages, base_url, settings.font)
        if as_links:
            write(words.invitations(sheet, job.words[0].language, base_url).encode())
        else:
            with click.progressbar(length=len(codes), label="Setting in type", file=sys.stderr) as bar:
                write(pdf.render(job, bar.update))
    except BaseException:
        batches.void(actor, now, made.campaign, made.id, _NOT_MADE, made.version)
        raise
    return len(codes), made.id
