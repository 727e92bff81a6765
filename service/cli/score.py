"""`minyi score`: recompute the results of an exported round, with neither server nor database."""

import io
import sys
import zipfile
from typing import BinaryIO, NoReturn

import click

from service.cli.packages import ROUND, packed, part_of
from service.domain.errors import Refused
from service.domain.evaluate import exports
from service.domain.evaluate.exports import Deviation

_DIFFERS, _UNUSABLE = 1, 2
_HELP = "The export of a round (JSON), or its evidence package (ZIP); - is stdin."


@click.command("score")
@click.option(
    "--round",
    "file",
    required=True,
    type=click.File("rb"),
    help="The export of a round (JSON), or an evidence package (ZIP); - is stdin.",
)
def score(file: BinaryIO) -> None:
    """Recompute a round: exit code 0 if every version follows byte for byte, 1 naming the first place that differs.

    Reads nothing but the file: the scheme's text, the evidence and the corrections, each with its reason. A file that
    cannot be used ends with exit code 2. Compare the journal head with the one you noted, or with an exported journal.
    """
    content = file.read(exports.MOST_BYTES + 1)
    if packed(content):
        content = _packed(file, content)
    if len(content) > exports.MOST_BYTES:
        _unusable(f"the file is larger than {exports.MOST_BYTES} bytes")
    try:
        verdict = exports.verify(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        _unusable("this is not UTF-8 text")
    except Refused as refused:
        _unusable(str(refused))
    if verdict.deviation is not None:
        _differs(verdict.deviation)
    lines = (
        f"holds: {verdict.versions} version(s), total {verdict.total}, grade {verdict.grade or '-'}",
        f"inputs {verdict.inputs_digest}",
        f"tree {verdict.tree_sha256}",
        f"journal head {verdict.journal_head}",
    )
    click.echo("\n".join(lines))


def _packed(file: BinaryIO, beginning: bytes) -> bytes:
    """The export inside a package."""
    try:
        with zipfile.ZipFile(io.BytesIO(beginning + file.read())) as archive:
            return part_of(archive, ROUND, exports.MOST_BYTES)
    except (zipfile.BadZipFile, KeyError):
        _unusable(f"this archive holds no {ROUND} that can be read")


def _differs(found: Deviation) -> NoReturn:
    where = f" at {found.place}" if found.place else ""
    version = f" of version {found.version}" if found.version else ""
    line = f"{found.what}{version} differs{where}: expected {found.expected}, found {found.found}"
    click.echo(line.encode(errors="backslashreplace"), err=True)
    sys.exit(_DIFFERS)


def _unusable(text: str) -> NoReturn:
    click.echo(text.encode(errors="backslashreplace"), err=True)
    sys.exit(_UNUSABLE)
