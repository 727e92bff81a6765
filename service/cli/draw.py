"""`minyi draw` and `minyi verify-draw`: a draw from a file, and its verification, with neither server nor database."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

import click

from service.domain.errors import Fault, Refused
from service.domain.inspect import draws, published_draws
from service.domain.inspect.frames import Frame, frame_sha256, invisible, normal, read_csv

_Function = TypeVar("_Function", bound=Callable[..., Any])
_DIFFERS = 1
_BAD_INPUT = 2
MAX_PUBLISHED = 512 * 1024 * 1024  # bytes: a list of a million rows of the longest serials fits


class BadInput(click.ClickException):
    """Something given cannot be used: told on stderr with its place, exit code 2 as for wrong options."""

    exit_code = _BAD_INPUT


@contextmanager
def _told(file: str) -> Iterator[None]:
    """Turn a refusal into lines `file: row 17: what is wrong and what to do`."""
    name = _shown(file)
    try:
        yield
    except Refused as refused:
        lines = [f"{name}: {_place(fault)}{fault.message}" for fault in refused.faults] or [
            f"{name}: {refused.message}"
        ]
        more = refused.params.get("total", 0) - len(refused.faults)
        raise BadInput("\n".join([*lines, *([f"{name}: and {more} more"] if more > 0 else [])])) from refused


def _shown(file: str) -> str:
    return "stdin" if file == "-" else file


def _place(fault: Fault) -> str:
    head, _, rest = fault.field.partition(".")
    match head:
        case "rows":
            row, _, part = rest.partition(".")
            return (f"row {row}, {part}: " if part else f"row {row}: ") if row else ""
        case "strata":
            return f"stratum {rest}: "
        case _:
            return f"--{head}: "


_FRAME_HELP = "CSV (UTF-8), a header, ids in column 1."
_FILE = click.Path(exists=True, dir_okay=False, allow_dash=True)


def _options(*, required: bool) -> Callable[[_Function], _Function]:
    """The options that fix a draw, the same for drawing and verifying."""
    count = click.IntRange(min=1)
    stratum = click.option("--stratum", metavar="COLUMN", help="Column of the strata; --take then counts for each.")
    take = click.option("--take", type=count, required=required, help="How many to draw (per stratum).")
    seed = click.option("--seed", required=required, metavar="TEXT", help="The sampler's seed, used exactly as given.")
    frame = click.option("--frame", "file", type=_FILE, required=required, help=_FRAME_HELP)
    return lambda function: frame(seed(take(stratum(function))))


def _read_frame(file: str, stratum: str | None) -> Frame:
    with _told(file), click.open_file(file, "rb") as stream:
        return read_csv(stream, stratum, keep_others=False).frame


@click.command("draw")
@_options(required=True)
def draw(file: str, seed: str, take: int, stratum: str | None) -> None:
    """Draw records at random so that anybody can verify it.

    Prints the drawn ids, one a line, in the order drawn: strata by name (byte order), in each the smallest tickets of
    Rivest's consistent sampler (arXiv 1808.10016) first.
    """
    frame = _read_frame(file, stratum)
    with _told(file):
        drawn = draws.draw(frame, seed, take)
    # Bytes, for a terminal's encoding must not change an id.
    click.echo("".join(f"{item.serial}\n" for item in drawn).encode(), nl=False)


def _hash(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"[0-9a-f]{64}", value := value.strip().lower()):
        raise click.BadParameter("a SHA-256 has 64 hexadecimal digits.")
    return value


@click.command("verify-draw")
@_options(required=False)
@click.option("--drawn", "file_of_drawn", type=_FILE, help="The drawn ids, one a line; - is stdin.")
@click.option("--frame-sha256", "sha256", metavar="HEX", callback=_hash, help="The hash published of the frame.")
@click.option("--published", "published", type=_FILE, help="The published file of a draw (JSON), alone; - is stdin.")
def verify_draw(published: str | None, **parts: Any) -> None:
    """Verify a draw: exit code 0 if the drawn ids follow from list and seed, 1 naming the step and place that differ.

    Either from the file that is published of a draw, with the secrets and commitments of its parties, or from a list,
    a seed and the drawn ids. Wrong input, such as a list that cannot be read, ends with exit code 2.
    """
    given = {name for name, value in parts.items() if value is not None}
    if published is not None:
        if given:
            raise click.UsageError("--published holds list, seed and drawn ids; give it alone.")
        _verify_published(published)
        return
    for name, option in (("file", "--frame"), ("seed", "--seed"), ("take", "--take"), ("file_of_drawn", "--drawn")):
        if name not in given:
            raise click.UsageError(f"Missing option '{option}' (or --published alone).")
    _verify_parts(**parts)


def _verify_parts(file: str, seed: str, take: int, stratum: str | None, file_of_drawn: str, sha256: str | None) -> None:
    if file == file_of_drawn == "-":
        raise click.UsageError("--frame and --drawn cannot both be read from stdin.")
    frame = _read_frame(file, stratum)
    drawn = _read_drawn(file_of_drawn)
    with _told(file):
        wrong = draws.verify(frame, seed, take, drawn, sha256=sha256)
    if wrong is not None:
        _differs(f"{wrong.step}", wrong.place, wrong.expected, wrong.found, wrong.note)
    click.echo(f"verified: {len(drawn)} drawn of {len(frame)}, frame SHA-256 {frame_sha256(frame)}")


def _verify_published(file: str) -> None:
    verdict = published_draws.verify_text(_text_of(file))
    if wrong := verdict.failure:
        note = published_draws.REASONS[wrong.reason] + (f" First in line {wrong.note}." if wrong.note else "")
        _differs(wrong.step, wrong.place or None, wrong.expected, wrong.found, note)
    for code, party in verdict.remarks:
        click.echo(f"note: {f'{party}: ' if party else ''}{published_draws.REMARKS[code]}".encode(), err=True)
    click.echo(f"verified: {verdict.drawn} drawn of {verdict.listed}")


def _text_of(file: str) -> str:
    with click.open_file(file, "rb") as stream:
        content = stream.read(MAX_PUBLISHED + 1)
    if len(content) > MAX_PUBLISHED:
        raise BadInput(f"{_shown(file)}: The file is larger than {MAX_PUBLISHED} bytes.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{_shown(file)}: This is not UTF-8 text. Save the file again as UTF-8.") from error


def _read_drawn(file: str) -> list[str]:
    """Ids one a line, in canonical form as those of the frame; blank lines are passed over."""
    with click.open_file(file, "rb") as stream:
        content = stream.read()
    try:
        lines = content.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise BadInput(f"{_shown(file)}: This is not UTF-8 text. Save the list again as UTF-8.") from error
    drawn = []
    for row, line in enumerate(lines, 1):
        if invisible(serial := normal(line)):
            raise BadInput(f"{_shown(file)}: row {row}: {Fault('', 'control_characters').message}")
        if serial:
            drawn.append(serial)
    return drawn


def _differs(step: str, place: str | int | None, expected: str | None, found: str | None, note: str) -> NoReturn:
    """Name the step and place that differ on stderr, and end with exit code 1."""

    def text(value: str | None) -> str:
        return "nothing" if value is None else value

    at = "" if place is None else f" at place {place}"
    told = "" if expected is None and found is None else f": expected {text(expected)}, found {text(found)}"
    # What cannot be encoded (half of a pair of surrogates) is shown as its code.
    line = f"step {step} differs{at}{told}{f' ({note})' if note else ''}"
    click.echo(line.encode(errors="backslashreplace"), err=True)
    raise SystemExit(_DIFFERS)
