"""A report as blocks in one language: headings, paragraphs, tables and charts, the same for DOCX and HTML."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.web.charts.shapes import Shape

Drawings = list[tuple[bytes, bytes]]  # (SVG, PNG)
BODY, NOTE, LABEL = "body", "note", "label"


@dataclass(frozen=True)
class Heading:
    """`level` 1 to 3. `text` carries its number."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Text:
    text: str
    kind: str = BODY


@dataclass(frozen=True)
class Table:
    """`widths` are shares of the line; `numeric` the columns that are set to the right; `bold` rows that sum up."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    numeric: frozenset[int] = frozenset()
    bold: frozenset[int] = frozenset()
    indents: Sequence[int] = ()  # of the first column, by row


@dataclass(frozen=True)
class Figure:
    """`alternative` says in words what the chart shows; a table with its data stands beside it."""

    caption: str
    alternative: str
    shape: Shape


Block = Heading | Text | Table | Figure


@dataclass(frozen=True)
class Paper:
    """One report in one language. `closing` lists who signs, each with a place for the seal and a day."""

    language: str
    issuer: str
    number: str
    title: str
    subtitle: str
    mark: str  # "draft" in words, or nothing
    day: str  # as the document writes it
    iso_day: str
    blocks: Sequence[Block]
    closing: Sequence[Sequence[str]]
