"""The evidence package of a round as one ZIP: its parts, the results as tables, and how anybody verifies it."""

from collections.abc import Iterable, Iterator

from flask import Response, render_template

from service.domain.access import Actor
from service.domain.evaluate.rounds import Round
from service.operations.evaluate import packages, result_readers
from service.operations.evaluate.packages import Part
from service.web.exporting import rounds
from service.web.exporting.archives import zipped
from service.web.exporting.delivery import streamed
from service.web.exporting.tables import csv_lines
from service.web.languages import NAMES


def package(actor: Actor, id: str) -> Response:
    """The archive, written while it is read. Raises Refused: not_found, forbidden."""
    return streamed(pieces(actor, id), "zip", f"{id}-evidence")


def pieces(actor: Actor, id: str) -> Iterator[bytes]:
    """The bytes of the archive; the same whenever nothing has changed."""
    round, parts = packages.of_round(actor, id)
    versions = result_readers.of_round(actor, id)
    tables = [(f"results/{one.number}.csv", csv_lines(rounds.result(actor, id, one.number)[0])) for one in versions]
    return zipped([*_instructions(round, parts), *tables, *_files(parts)], versions[-1].made_at)


def _files(parts: Iterable[Part]) -> Iterator[tuple[str, Iterable[bytes]]]:
    for part in parts:
        yield part.name, part.pieces


def _instructions(round: Round, parts: list[Part]) -> Iterator[tuple[str, Iterable[bytes]]]:
    """What is in it and which command checks what, in each language."""
    names = [part.name for part in parts]
    for language in NAMES:
        text = render_template(f"package/verify.{language}.txt", round=round, names=names)
        yield f"README.{language}.txt", [text.encode()]
