"""A report as a page: one file with its style and charts in it."""

import base64

from jinja2 import Environment, PackageLoader, StrictUndefined

from service.web.printing.reports.blocks import Drawings, Figure, Heading, Paper, Table
from service.web.printing.reports.look import STYLE

_LONG = 40  # characters
_KINDS = {Heading: "heading", Table: "table", Figure: "figure"}


def written(paper: Paper, drawings: Drawings) -> bytes:
    """The HTML, in UTF-8."""
    environment = Environment(
        loader=PackageLoader("service.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    left = iter(drawings)
    blocks = [
        (_KINDS.get(type(block), "text"), block, _address(next(left)[0]) if isinstance(block, Figure) else "")
        for block in paper.blocks
    ]
    return (
        environment.get_template("print/report.html")
        .render(paper=paper, blocks=blocks, style=STYLE, unbroken=_unbroken)
        .encode()
    )


def _unbroken(cell: str) -> bool:
    """Whether a cell holds something such as a digest, which may break anywhere; words may not."""
    return any(len(word) > _LONG for word in cell.split())


def _address(svg: bytes) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg).decode()
