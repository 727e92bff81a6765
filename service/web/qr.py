"""QR codes of phone pages: for print (SVG), for screens and documents (PNG), for a terminal."""

import io

import qrcode
from qrcode.constants import ERROR_CORRECT_L, ERROR_CORRECT_M

QUIET_ZONE = 4  # modules of white around the symbol (ISO/IEC 18004, section 9.1)
_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
# Black on white whatever the terminal's colours: many phones do not read the inverse.
_BLACK_ON_WHITE, _RESET = "\x1b[38;5;16;48;5;231m", "\x1b[0m"


def modules(url: str, level: int = ERROR_CORRECT_M) -> list[list[bool]]:
    """Rows of the symbol with its quiet zone, True is dark. Level M: 15 % of it may be dirty or torn."""
    code = qrcode.QRCode(error_correction=level, border=QUIET_ZONE)
    code.add_data(url)
    code.make(fit=True)
    rows: list[list[bool]] = code.get_matrix()
    return rows


def svg(url: str) -> str:
    """A scalable picture, one path on white; one module is one unit."""
    return drawn(modules(url))


def dense_svg(text: str) -> str:
    """As `svg`, of a long text that is read off a screen or fresh paper: level L keeps its modules large."""
    return drawn(modules(text, ERROR_CORRECT_L))


def with_quiet_zone(rows: list[list[bool]]) -> list[list[bool]]:
    """The symbol in its field of white."""
    blank = [[False] * (len(rows) + 2 * QUIET_ZONE) for _ in range(QUIET_ZONE)]
    side = [False] * QUIET_ZONE
    return [*blank, *(side + row + side for row in rows), *blank]


def drawn(rows: list[list[bool]]) -> str:
    """As `svg`, of modules."""
    runs = "".join(
        f"M{start} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for start, length in _dark_runs(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(rows)} {len(rows)}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{len(rows)}v{len(rows)}H0z"/><path d="{runs}"/></svg>'
    )


def _dark_runs(row: list[bool]) -> list[tuple[int, int]]:
    """(start, length) of each run of dark modules."""
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if dark and runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif dark:
            runs.append((x, 1))
    return runs


def png(url: str, scale: int = 10) -> bytes:
    """A black and white picture with `scale` pixels a module."""
    from PIL import Image

    rows = modules(url)
    picture = Image.new("1", (len(rows), len(rows)), 1)
    picture.putdata([0 if dark else 1 for row in rows for dark in row])
    written = io.BytesIO()
    picture.resize((len(rows) * scale, len(rows) * scale), Image.Resampling.NEAREST).save(written, "PNG", optimize=True)
    return written.getvalue()


def terminal(url: str) -> str:
    """Lines of half blocks with ANSI colours, two modules a character."""
    return "\n".join(f"{_BLACK_ON_WHITE}{line}{_RESET}" for line in plain(url).split("\n"))


def plain(url: str) -> str:
    """The same without colours, for text that is read as black on white."""
    rows = modules(url)
    if len(rows) % 2:
        rows.append([False] * len(rows))
    return "\n".join(
        "".join(_BLOCKS[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    )
