"""`minyi check-form`: whether an XLSForm can be taken over, with every problem by sheet, row and reason."""

from pathlib import Path

import click

from service.domain.collect.xlsforms.sheets import Finding
from service.domain.errors import Fault, Refused
from service.domain.shapes import LANGUAGE

_BROKEN = 1


def _language(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not LANGUAGE.fullmatch(value):
        raise click.BadParameter("a language is written as zh-Hans or en.")
    return value


@click.command("check-form")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--language", metavar="CODE", callback=_language, help="Of texts whose column names no language.")
def check_form(file: Path, language: str | None) -> None:
    """Check an XLSForm: exit code 0 if it can be taken over, 1 naming each problem by sheet, row and reason.

    Problems and warnings go to stderr. The form is also converted by pyxform and, where there is Java, loaded by ODK
    Validate.
    """
    from service.operations.collect import xlsforms

    try:
        found = xlsforms.check(file.read_bytes(), language=language, validate=True)
    except Refused as refused:
        for fault in refused.faults or ():
            _tell(file, _place(fault), fault.message)
        if not refused.faults:
            _tell(file, "", refused.message)
        raise SystemExit(_BROKEN) from refused
    for finding in found.findings:
        _tell(file, ("warning: " if finding.warning else "") + _where(finding), finding.message)
    if found.definition is None:
        raise SystemExit(_BROKEN)
    made = found.definition
    count, languages = len(made["questions"]), ", ".join(made["languages"])
    click.echo(f"{file}: {made['id']}, {count} questions, {languages}; warnings: {len(found.warnings)}")


def _tell(file: Path, where: str, message: str) -> None:
    # Bytes, for a terminal's encoding must not end the list.
    click.echo(f"{file}: {where}{message}".encode(errors="replace"), err=True)


def _where(finding: Finding) -> str:
    row = f"row {finding.row}" if finding.row else ""
    return ", ".join(part for part in (finding.sheet, row, finding.column) if part) + ": "


def _place(fault: Fault) -> str:
    sheet, _, rest = fault.field.partition(".")
    row, _, column = rest.partition(".")
    return "" if not rest else f"{sheet}, row {row}, {column}: " if column else f"{sheet}, row {row}: "
