"""Charts of a report: the same bytes for the same numbers, Chinese in a font that has it, readable without colour."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from service.web.printing import fonts
from service.web.printing.fonts import Face
from service.web.printing.reports.blocks import Chart, texts_of

Drawings = list[tuple[bytes, bytes]]  # (SVG, PNG)
WIDTH = 6.14  # inches: 156 mm, the width of the text
_POINT = 10
_WRITTEN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,%/–— ()+-−"
_FILLED, _EMPTY, _EDGE = "#1f4e79", "#eeeeee", "#333333"
# From the best level to the worst: differ in lightness too, and each has a pattern of its own.
_SHADES = ("#1f4e79", "#5b8db8", "#c9d8e6", "#f2c79c", "#c55a11", "#7f3a0b", "#9e9e9e", "#e0e0e0")
_PATTERNS = ("", "//", "..", "\\\\", "xx", "++", "--", "oo")
_DARK = {0, 1, 4, 5}
_WRAP = 15  # characters of a label in a line, a Latin one counted half


def font_for(face: Face, place: Path, asked: Sequence[Chart]) -> Path:
    """A font file with what these charts write. Raises Refused("font_missing") for what the face cannot show."""
    texts = [_WRITTEN, *(text for chart in asked for text in texts_of(chart))]
    fonts.require(face, [text.replace("\n", "") for text in texts])
    place.write_bytes(fonts.subset(face, texts))
    return place


def drawn(chart: Chart, font: Path) -> tuple[bytes, bytes]:
    """A chart as (SVG, PNG)."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    mpl.rcParams.update({"svg.hashsalt": "minyi", "svg.fonttype": "path", "hatch.linewidth": 0.5})
    text = FontProperties(fname=str(font), size=_POINT)
    labels = [wrapped(label) for label in chart.labels]
    lines = sum(max(1, label.count("\n") + 1) for label in labels)
    legend = len(chart.series) if chart.kind == "shares" else 0
    figure = Figure(figsize=(WIDTH, 0.62 + 0.21 * lines + 0.2 * len(labels) + 0.3 * -(-legend // 5)))
    axes = figure.add_subplot()
    (_shares if chart.kind == "shares" else _of_most)(axes, chart, text)
    _dress(axes, labels, text, chart)
    _fit(figure, labels, above=bool(chart.unit), below=0.3 + 0.24 * -(-legend // 5))
    made = []
    for form, metadata in (("svg", {"Date": None, "Creator": None}), ("png", {"Software": None})):
        written = io.BytesIO()
        figure.savefig(written, format=form, dpi=160, metadata=metadata)
        made.append(written.getvalue())
    return made[0], made[1]


def _fit(figure: Any, labels: Sequence[str], *, above: bool, below: float) -> None:
    """Margins by the length of the labels: to have them measured would draw everything once more."""
    width, height = figure.get_size_inches()
    longest = max(_width(line) for label in labels for line in label.split("\n"))
    figure.subplots_adjust(
        left=(longest * _POINT / 72 + 0.12) / width,
        right=1 - 0.2 / width,
        bottom=below / height,
        top=1 - (0.3 if above else 0.08) / height,
    )


def _width(text: str) -> float:
    """In characters of Chinese."""
    return sum(0.58 if char.isascii() else 1.0 for char in text)


def _of_most(axes: Any, chart: Chart, text: Any) -> None:
    """What was earned as a filled bar in the frame of what could be earned."""
    [earned, most] = chart.series
    places = range(len(chart.labels))
    highest = max((value or 0 for value in most.values), default=1) or 1
    axes.barh(places, [value or 0 for value in most.values], height=0.62, color=_EMPTY, edgecolor=_EDGE, linewidth=0.8)
    axes.barh(places, [value or 0 for value in earned.values], height=0.62, color=_FILLED)
    for place, value, limit in zip(places, earned.values, most.values, strict=True):
        shown = "–" if value is None else f"{value:.2f}"
        axes.text(
            (limit or 0) + highest * 0.015, place, f"{shown} / {limit or 0:.2f}", va="center", fontproperties=text
        )
    axes.set_xlim(0, highest * 1.28)


def _shares(axes: Any, chart: Chart, text: Any) -> None:
    """Parts of a whole in each bar, the best first; parts wide enough carry their number."""
    starts = [0.0] * len(chart.labels)
    for at, series in enumerate(chart.series):
        values = [value or 0.0 for value in series.values]
        shade = _SHADES[at % len(_SHADES)]
        axes.barh(
            range(len(starts)),
            values,
            left=starts,
            height=0.6,
            color=shade,
            edgecolor="white" if at in _DARK else _EDGE,
            linewidth=0.6,
            hatch=_PATTERNS[at % len(_PATTERNS)],
            label=series.name,
        )
        for place, value in enumerate(values):
            if value >= 6:
                ink = "white" if at in _DARK else "black"
                box = {"facecolor": shade, "edgecolor": "none", "pad": 1.2}
                middle = starts[place] + value / 2
                axes.text(
                    middle, place, f"{value:.1f}", ha="center", va="center", color=ink, fontproperties=text, bbox=box
                )
        starts = [start + value for start, value in zip(starts, values, strict=True)]
    axes.set_xlim(0, 100)
    columns = min(len(chart.series), 5)
    axes.figure.legend(prop=text, loc="lower center", ncol=columns, frameon=False, borderaxespad=0.2)


def _dress(axes: Any, labels: Sequence[str], text: Any, chart: Chart) -> None:
    axes.set_yticks(range(len(labels)), labels=labels, fontproperties=text)
    axes.invert_yaxis()
    for tick in axes.get_xticklabels():
        tick.set_fontproperties(text)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)
    if chart.unit:
        axes.set_title(chart.unit, fontproperties=text, loc="right")


def wrapped(label: str, width: int = _WRAP) -> str:
    """A label in lines: Latin words stay whole, Chinese breaks after any character."""
    lines, line, used = [], "", 0.0
    for piece in _pieces(label):
        wide = _width(piece)
        if line and used + wide > width:
            lines.append(line.rstrip())
            line, used = "", 0.0
        line, used = line + (piece.lstrip() if not line else piece), used + wide
    return "\n".join([*lines, line.rstrip()])


def _pieces(label: str) -> list[str]:
    pieces: list[str] = []
    for char in label:
        joins = pieces and char.isascii() and pieces[-1][-1].isascii() and not pieces[-1].endswith(" ")
        if joins or (pieces and char in "，。、；：）"):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces
