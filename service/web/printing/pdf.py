"""Slips and posters as PDF on A4: the fonts embedded as subsets, the symbols as one-bit masks that stay sharp."""

import warnings
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from service.domain.collect.tickets import ALPHABET, grouped
from service.web.printing import fonts
from service.web.printing.job import POSTER, SLIPS, Job, Words
from service.web.printing.symbols import Symbols

WIDTH, HEIGHT = 210.0, 297.0  # mm, as all lengths here
ACROSS, DOWN = 3, 8
PER_PAGE = ACROSS * DOWN
EDGE_X, EDGE_Y = 9.0, 10.5  # most printers leave 4 to 5 mm blank
CELL_X, CELL_Y = (WIDTH - 2 * EDGE_X) / ACROSS, (HEIGHT - 2 * EDGE_Y) / DOWN
SYMBOL = 25.0  # with its quiet zone
QUIET = 4  # modules (ISO/IEC 18004, 9.1)
_COLUMN = SYMBOL + 2.2  # where the words beside a symbol begin
_BESIDE = CELL_X - _COLUMN - 2
_POINT = 72 / 25.4
_INK, _SOFT = 20, 85  # grey levels
Progress = Callable[[int], None]


def render(job: Job, progress: Progress | None = None) -> bytes:
    """The document. `progress` is told how many codes were set since it was told last.

    Raises Refused("font_missing").
    """
    with warnings.catch_warnings():  # of the library, about features that are not used here
        warnings.simplefilter("ignore")
        paper = Paper(job)
        {SLIPS: _slips, POSTER: _posters}[job.layout](paper, job, progress or (lambda _: None))
        return paper.finished()


def check(job: Job) -> None:
    """Raises Refused("font_missing") before any code is made."""
    faces = {words.language: fonts.face_for(words.language, job.font) for words in job.words}
    for words in job.words:
        fonts.require(faces[words.language], words.texts)
    fonts.require(faces[job.words[0].language], [job.site, job.session, ALPHABET, "-…· "])


class Paper:
    """An A4 document with a font for each language, cut down to what the job shows."""

    def __init__(self, job: Job) -> None:
        from fpdf import FPDF

        check(job)
        self._pdf = FPDF(format="A4")
        self._pdf.set_auto_page_break(False)
        self._pdf.set_title(job.words[0].title)
        self._pdf.set_lang(job.words[0].language)
        self._names: dict[str, str] = {}
        self._fitted: dict[tuple[str, str, float, float], tuple[str, float, float]] = {}
        faces: dict[fonts.Face, str] = {}
        everything = [*job.texts(), ALPHABET, "-…· "]
        for words in job.words:
            face = fonts.face_for(words.language, job.font)
            if face not in faces:
                faces[face] = f"face{len(faces)}"
                self._add(faces[face], fonts.subset(face, everything))
            self._names[words.language] = faces[face]
        self._main = job.words[0].language
        self.symbols = Symbols(job.prefix, len(job.codes[0]))

    def _add(self, name: str, font: bytes) -> None:
        import tempfile

        with tempfile.NamedTemporaryFile(suffix=".otf") as file:  # the library takes names of files only
            file.write(font)
            file.flush()
            self._pdf.add_font(name, fname=file.name)

    def page(self) -> None:
        self._pdf.add_page()

    def text(self, x: float, y: float, text: str, size: float, *, width: float, language: str = "", **how: Any) -> None:
        """One line with its base line at y: made smaller until it fits, down to `least`, then cut off with an ellipsis.

        `how`: `least` size, `grey` level, `centred` within the width.
        """
        if not text:
            return
        name = self._names[language or self._main]
        asked = (text, name, size, width)
        if asked not in self._fitted:
            self._fitted[asked] = self._fit(*asked, how.get("least", size * 0.75))
        text, size, needed = self._fitted[asked]
        self._pdf.set_font(name, size=size)
        self._pdf.set_text_color(how.get("grey", _INK))
        self._pdf.text(x + (width - needed) / 2 if how.get("centred") else x, y, text)

    def _fit(self, text: str, name: str, size: float, width: float, least: float) -> tuple[str, float, float]:
        """(text, size, width) that fit; the same words stand on thousands of slips."""
        self._pdf.set_font(name, size=size)
        while (needed := self._pdf.get_string_width(text)) > width and size > least:
            size = max(size - 0.25, least)
            self._pdf.set_font_size(size)
        while needed > width and len(text) > 1:
            text = text.rstrip("…")[:-1].rstrip() + "…"
            needed = self._pdf.get_string_width(text)
        return text, size, needed

    def wrapped(self, y: float, text: str, size: float, *, language: str, width: float, grey: int = _INK) -> float:
        """Centred lines from base line y on; -> the base line after the last one."""
        self._pdf.set_font(self._names[language], size=size)
        self._pdf.set_text_color(grey)
        step = size / _POINT * 1.45
        for line in _lines(text, width, self._pdf.get_string_width):
            self._pdf.text((WIDTH - self._pdf.get_string_width(line)) / 2, y, line)
            y += step
        return y

    def symbol(self, x: float, y: float, side: float, code: str) -> None:
        """A symbol with its quiet zone in a square. An image mask, not rectangles: no hairlines between the modules."""
        size = self.symbols.size
        module = side / (size + 2 * QUIET)
        left, bottom, edge = x + QUIET * module, HEIGHT - y - side + QUIET * module, size * module
        bytes_a_row = (size + 7) // 8
        shift = bytes_a_row * 8 - size
        data = "".join(f"{row << shift:0{bytes_a_row * 2}x}" for row in self.symbols.rows(code))
        place = f"{edge * _POINT:.3f} 0 0 {edge * _POINT:.3f} {left * _POINT:.3f} {bottom * _POINT:.3f} cm"
        self._pdf._out(f"q 0 g {place} BI /W {size} /H {size} /IM true /BPC 1 /D [1 0] /F /AHx ID {data}> EI Q")

    def line(self, x1: float, y1: float, x2: float, y2: float, grey: int = 120) -> None:
        self._pdf.set_draw_color(grey)
        self._pdf.set_line_width(0.15)
        self._pdf.line(x1, y1, x2, y2)

    def recorded(self, draw: Callable[[], None]) -> bytes:
        """What `draw` writes onto this page, for `again`."""
        self._pdf.set_font(self._names[self._main], size=1)  # so that the first font is written down
        contents: Any = self._pdf.pages[self._pdf.page].contents
        begin = len(contents)
        draw()
        return bytes(contents[begin:])

    def again(self, written: bytes) -> None:
        """The same once more, on another page, without measuring and encoding each word."""
        for name in self._names.values():  # the page must know its fonts
            self._pdf.set_font(name, size=1)
        self._pdf._out(b"q\n" + written + b"\nQ")

    def finished(self) -> bytes:
        return bytes(self._pdf.output())


def _lines(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Broken after a space where there is one, else after any character, as Chinese is."""
    lines, rest = [], text
    while rest:
        end = len(rest)
        while end > 1 and measure(rest[:end]) > width:
            end -= 1
        if end < len(rest):
            space = rest.rfind(" ", 0, end + 1)
            if space > 0 and rest[end - 1].isascii():
                end = space
            elif rest[end] in "，。、；：？！）》”,.;:?!)":  # these begin no line
                end -= 1
        lines.append(rest[:end].strip())
        rest = rest[end:].lstrip()
    return lines


def _slips(paper: Paper, job: Job, progress: Progress) -> None:
    """Pages differ by their codes alone, so what a full page has in common with the first is written once."""
    codes, form = iter(job.codes), b""
    while some := list(islice(codes, PER_PAGE)):
        paper.page()
        places = [(EDGE_X + at % ACROSS * CELL_X, EDGE_Y + at // ACROSS * CELL_Y) for at in range(len(some))]
        if form and len(some) == PER_PAGE:
            paper.again(form)
        else:
            form = paper.recorded(lambda places=places: _fixed(paper, places, job))  # type: ignore[misc]
        for (x, y), code in zip(places, some, strict=True):
            paper.symbol(x + 0.8, y + 1.2, SYMBOL, code)
            paper.text(x + _COLUMN, y + 20.9, grouped(code), 11, width=_BESIDE)
        progress(len(some))


def _fixed(paper: Paper, places: Sequence[tuple[float, float]], job: Job) -> None:
    _cut_marks(paper)
    for x, y in places:
        _slip(paper, x, y, job)


def _cut_marks(paper: Paper) -> None:
    """At the edges, where they are cut off, and small crosses where four slips meet."""
    for across in range(ACROSS + 1):
        x = EDGE_X + across * CELL_X
        for y1, y2 in ((4, EDGE_Y - 2), (HEIGHT - EDGE_Y + 2, HEIGHT - 4)):
            paper.line(x, y1, x, y2)
    for down in range(DOWN + 1):
        y = EDGE_Y + down * CELL_Y
        for x1, x2 in ((4, EDGE_X - 2), (WIDTH - EDGE_X + 2, WIDTH - 4)):
            paper.line(x1, y, x2, y)
        for across in range(ACROSS + 1):
            x = EDGE_X + across * CELL_X
            paper.line(x - 1, y, x + 1, y)
            paper.line(x, y - 1, x, y + 1)


def _slip(paper: Paper, x: float, y: float, job: Job) -> None:
    """All but the code and its symbol."""
    left, width = x + _COLUMN, _BESIDE
    main, *others = job.words
    paper.text(left, y + 5.4, main.title, 8.5, width=width)
    at = y + 8.6
    for words in others:
        paper.text(left, at, words.title, 6.5, width=width, language=words.language, grey=_SOFT)
    at += 4.0
    for text, size in ((job.site, 7.5), (job.session, 6.8)):
        paper.text(left, at, text, size, width=width)
        at += 3.1 if text else 0
    paper.text(left, y + 24.3, main.works, 6.2, width=width)
    for words in others:
        paper.text(left, y + 26.9, words.works, 5.8, width=width, language=words.language, grey=_SOFT)
    paper.text(x + 2.5, y + 29.8, _joined(main), 6.2, width=CELL_X - 4.5)
    for words in others:
        paper.text(x + 2.5, y + 32.4, _joined(words), 5.8, width=CELL_X - 4.5, language=words.language, grey=_SOFT)


def _joined(words: Words) -> str:
    return f"{words.enter} {words.once}"


def _posters(paper: Paper, job: Job, progress: Progress) -> None:
    """One page a code: a poster's batch may have several."""
    for code in job.codes:
        paper.page()
        _poster(paper, job, code)
        progress(1)


def _poster(paper: Paper, job: Job, code: str) -> None:
    width = WIDTH - 44
    main, others = job.words[0], job.words[1:]
    y: float = paper.wrapped(34, main.title, 36, language=main.language, width=width)
    for words in others:
        y = paper.wrapped(y - 4, words.title, 20, language=words.language, width=width, grey=_SOFT)
    y += 2
    for text, size in ((job.site, 17.0), (job.session, 14.0)):
        if text:
            y = paper.wrapped(y, text, size, language=main.language, width=width)
    side = min(132.0, HEIGHT - y - 96)
    top = y - 9
    paper.symbol((WIDTH - side) / 2, top, side, code)
    y = top + side + 3
    for words, points, grey in _sized(job.words, 17, 12.5):
        y = paper.wrapped(y, words.scan, points, language=words.language, width=width, grey=grey)
    paper.text(22, y + 7, grouped(code), 27, width=width, centred=True)
    y += 15
    for words, points, grey in _sized(job.words, 11.5, 10.5):
        y = paper.wrapped(y, f"{words.enter} · {words.works}", points, language=words.language, width=width, grey=grey)
    y = max(y + 5, HEIGHT - 40)
    paper.line(22, y - 6, WIDTH - 22, y - 6)
    for words, points, grey in _sized(job.words, 9.5, 8.5):
        y = paper.wrapped(y, " ".join(words.told), points, language=words.language, width=width, grey=grey)


def _sized(words: Sequence[Words], first: float, others: float) -> list[tuple[Words, float, int]]:
    return [(each, others if at else first, _SOFT if at else _INK) for at, each in enumerate(words)]
