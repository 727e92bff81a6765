"""The child process that writes reports: JSON on standard input; on standard output each file after a line of JSON."""

import json
import sys
from collections.abc import Iterator
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from flask_babel import Babel

from service.domain.errors import Refused
from service.web import languages
from service.web.charts.cases import Cases
from service.web.charts.drawings import drawn
from service.web.charts.shapes import texts_of
from service.web.printing.reports import documents, pages, words
from service.web.printing.reports.blocks import Drawings, Figure, Paper


def main() -> None:
    job = json.load(sys.stdin.buffer)
    app = Flask("service.web")
    Babel(app, locale_selector=languages.babel_locale)
    papers = []
    for language in job["languages"]:
        with app.app_context():
            languages.speak(language)
            papers.append(words.paper(job["facts"], language))
    try:
        for paper, drawn in zip(papers, drawings(papers, job["font"]), strict=True):
            _send({"form": "html", "language": paper.language}, pages.written(paper, drawn))
            _send({"form": "docx", "language": paper.language}, documents.written(paper, drawn))
    except Refused as refused:
        _send({"failed": str(refused)})


def drawings(papers: list[Paper], font: str) -> Iterator[Drawings]:
    """The charts of each paper, in the order of its blocks. Raises Refused("font_missing")."""
    with TemporaryDirectory(prefix="minyi-charts-") as folder:
        cases = Cases(folder)
        asked = [[block.shape for block in paper.blocks if isinstance(block, Figure)] for paper in papers]
        cut = [
            cases.font(paper.language, font, [text for shape in shapes for text in texts_of(shape)])
            for paper, shapes in zip(papers, asked, strict=True)
        ]
        for shapes, file in zip(asked, cut, strict=True):
            yield [(drawn(shape, file), drawn(shape, file, "png")) for shape in shapes]


def _send(head: dict[str, Any], content: bytes = b"") -> None:
    sys.stdout.buffer.write(json.dumps(head | {"size": len(content)}).encode() + b"\n" + content)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
