"""The child process that writes reports: JSON on standard input; on standard output each file after a line of JSON."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from flask_babel import Babel

from service.domain.errors import Refused
from service.web import languages
from service.web.printing import fonts
from service.web.printing.reports import charts, documents, pages, words
from service.web.printing.reports.blocks import Figure, Paper


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


def drawings(papers: list[Paper], font: str) -> Iterator[charts.Drawings]:
    """The charts of each paper, in the order of its blocks. Raises Refused("font_missing").

    A font is cut once for all papers that are set in it: reading a large one takes longer than a chart.
    """
    asked = [[block.chart for block in paper.blocks if isinstance(block, Figure)] for paper in papers]
    faces = [fonts.face_for(paper.language, font) for paper in papers]
    with TemporaryDirectory() as folder:
        cut = {}
        for face in dict.fromkeys(faces):
            own = [chart for charts_of, its in zip(asked, faces, strict=True) if its == face for chart in charts_of]
            cut[face] = charts.font_for(face, Path(folder, f"{face.number}.otf"), own)
        for charts_of, face in zip(asked, faces, strict=True):
            yield [charts.drawn(chart, cut[face]) for chart in charts_of]


def _send(head: dict[str, Any], content: bytes = b"") -> None:
    sys.stdout.buffer.write(json.dumps(head | {"size": len(content)}).encode() + b"\n" + content)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
