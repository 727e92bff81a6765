"""A sheet to draw on, in points from its upper left corner; text is placed by measure and becomes outlines."""

import io
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

POINT = 10.5  # size of text: 14 px on a screen, 五号 on paper
SMALL = 9.5
LINE = 1.32  # distance of lines, in sizes
EDGE = 2.5  # blank on both sides
WIDE, NARROW = 442.0, 252.0  # 156 mm, the width of a page's text; 336 px, a phone's
INK, SOFT, RULE, BAND = "#17212b", "#4a5763", "#d5dce2", "#eef2f5"
PAPER = "#ffffff"
ACCENT, ALERT = "#0b5a83", "#b4510f"
_SALT = "minyi"
_HEAD = re.compile(rb"<!DOCTYPE.*?>\s*", re.DOTALL)
_BREAKS = re.compile(r"[ -~–−]+ ?|.", re.DOTALL)
_CLINGS = "，。、；：）)】》！？%"  # never begin a line


@lru_cache(maxsize=4)
def _face(font: str) -> Any:
    from matplotlib.font_manager import get_font

    return get_font(font)


@lru_cache(maxsize=4096)
def measure(font: str, text: str, size: float) -> float:
    """Width of a line in points."""
    from matplotlib.ft2font import LoadFlags

    face = _face(font)
    face.set_size(100, 72)  # widths grow with the size: one size is enough
    face.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    return float(face.get_width_height()[0]) / 64 * size / 100


class Sheet:
    """One drawing. `font`: a file with one face that has all characters; see `fonts.require`."""

    def __init__(self, width: float, font: Path) -> None:
        import matplotlib as mpl

        mpl.use("agg")
        mpl.rcParams.update({"svg.hashsalt": _SALT, "svg.fonttype": "path", "hatch.linewidth": 0.6})
        from matplotlib.figure import Figure
        from matplotlib.font_manager import FontProperties

        self.width, self._font = width, str(font)
        self._faces = {size: FontProperties(fname=self._font, size=size) for size in (POINT, SMALL)}
        self._figure = Figure(figsize=(width / 72, 1))
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._drawn = 0

    @property
    def narrow(self) -> bool:
        return self.width < WIDE

    @property
    def edge(self) -> float:
        """Where text on the right ends."""
        return self.width - EDGE

    def _next(self) -> int:
        """What is drawn later lies above."""
        self._drawn += 1
        return self._drawn

    def rect(self, x: float, y: float, width: float, height: float, fill: str = "none", **how: Any) -> None:
        """`edge` colour, `line` width and `style`, and `hatch` with `hatch_color`."""
        from matplotlib.patches import Rectangle

        more = {"hatchcolor": how["hatch_color"]} if "hatch_color" in how else {}
        self._axes.add_patch(
            Rectangle(
                (x, y),
                width,
                height,
                facecolor=fill,
                edgecolor=how.get("edge", "none"),
                linewidth=how.get("line", 0.7 if "edge" in how else 0),
                hatch=how.get("hatch") or None,
                linestyle=how.get("style", "solid"),
                zorder=self._next(),
                **more,
            )
        )

    def line(
        self, x1: float, y1: float, x2: float, y2: float, color: str = RULE, width: float = 0.7, **how: Any
    ) -> None:
        """`dashes`: lengths of strokes and gaps."""
        from matplotlib.lines import Line2D

        drawn = Line2D([x1, x2], [y1, y2], color=color, linewidth=width, solid_capstyle="butt", zorder=self._next())
        if how.get("dashes"):
            drawn.set_linestyle((0, how["dashes"]))
        self._axes.add_line(drawn)

    def shape(self, points: Sequence[tuple[float, float]], fill: str, edge: str = "none", line: float = 1.2) -> None:
        """A closed polygon."""
        from matplotlib.patches import Polygon

        self._axes.add_patch(
            Polygon(points, closed=True, facecolor=fill, edgecolor=edge, linewidth=line, zorder=self._next())
        )

    def dot(self, x: float, y: float, radius: float, fill: str, edge: str) -> None:
        from matplotlib.patches import Circle

        self._axes.add_patch(Circle((x, y), radius, facecolor=fill, edgecolor=edge, linewidth=1.4, zorder=self._next()))

    def text(self, x: float, y: float, text: str, **how: Any) -> None:
        """One line, its middle at `y`. `size`, `color`, `align` (left, center, right), `ground` behind it."""
        size = how.get("size", POINT)
        align = how.get("align", "left")
        wide = self.measure(text, size)
        left = {"left": x, "center": x - wide / 2, "right": x - wide}[align]
        if how.get("ground"):
            self.rect(left - 1.5, y - size * 0.56, wide + 3, size * 1.12, how["ground"])
        self._axes.text(
            left,
            y + size * 0.35,  # letters reach from the line up; this sets the middle of capitals and of Chinese
            text.replace("$", r"\$"),
            fontproperties=self._faces[size],
            color=how.get("color", INK),
            ha="left",
            va="baseline",
            zorder=self._next(),
        )

    def measure(self, text: str, size: float = POINT) -> float:
        """Width of a line in points."""
        return measure(self._font, text, size)

    def wrapped(self, text: str, width: float, size: float = POINT, most: int = 3) -> list[str]:
        """Lines that fit in the width: words stay whole where they can, Chinese breaks anywhere; cut off with …."""
        lines, line = [], ""
        for piece in _pieces(text):
            while piece:
                if self.measure((line + piece).rstrip(), size) <= width:
                    line, piece = line + piece, ""
                elif line.strip():
                    lines.append(line.rstrip())
                    line = ""
                else:  # one word that is longer than a line
                    fits = next(n for n in range(len(piece), 0, -1) if n == 1 or self.measure(piece[:n], size) <= width)
                    lines.append(piece[:fits])
                    piece = piece[fits:]
        lines += [line.rstrip()] if line.strip() else []
        if len(lines) > most:
            last = lines[most - 1]
            while last and self.measure(last + "…", size) > width:
                last = last[:-1]
            lines = [*lines[: most - 1], last + "…"]
        return lines or [""]

    def svg(self, height: float) -> bytes:
        """Without document type, date or name of the program: nothing but the drawing."""
        nothing: Any = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        return _HEAD.sub(b"", self._written(height, "svg", nothing))

    def png(self, height: float, dots_an_inch: int = 200) -> bytes:
        return self._written(height, "png", {"Software": None}, dpi=dots_an_inch)

    def _written(self, height: float, form: str, metadata: Any, **how: Any) -> bytes:
        self._figure.set_size_inches(self.width / 72, height / 72)
        self._axes.set_xlim(0, self.width)
        self._axes.set_ylim(height, 0)
        written = io.BytesIO()
        self._figure.savefig(written, format=form, metadata=metadata, facecolor=PAPER, **how)
        return written.getvalue()


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for word in _BREAKS.findall(text.replace("\n", " ")):
        parts = re.findall(r"[^ ]+ ?| ", word) if word[0].isascii() else [word]
        for part in parts:
            if pieces and part[0] in _CLINGS:
                pieces[-1] += part
            else:
                pieces.append(part)
    return pieces
