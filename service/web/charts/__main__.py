"""The child process that draws: a line of JSON in, a line of JSON and so many bytes out, until nobody asks any more."""

import json
import select
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from service.domain.errors import Refused
from service.web.charts import shapes
from service.web.charts.drawings import drawn
from service.web.printing import fonts
from service.web.printing.fonts import Face

IDLE = 300.0  # seconds until it ends by itself


class Desk:
    """Draws what it is asked to; a font is taken out of its collection once."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)
        self._fonts: dict[Face, Path] = {}

    def answer(self, asked: dict[str, Any]) -> bytes:
        """The drawing. Raises Refused("font_missing")."""
        shape = shapes.shape_of(asked)
        face = fonts.face_for(asked["language"], asked["font"])
        fonts.require(face, [shapes.WRITTEN, *shapes.texts_of(shape)])
        return drawn(shape, self.font(face), asked["form"], asked["narrow"])

    def font(self, face: Face) -> Path:
        if face not in self._fonts:
            place = self._folder / f"{len(self._fonts)}.otf"
            place.write_bytes(fonts.alone(face))
            self._fonts[face] = place
        return self._fonts[face]


def main() -> None:
    with TemporaryDirectory(prefix="minyi-charts-") as folder:
        desk = Desk(folder)
        # No line waits in the buffer here: the next one is sent only when this one has been answered.
        while select.select([sys.stdin], [], [], IDLE)[0]:
            line = sys.stdin.buffer.readline()
            if not line:
                return
            head, content = _answered(desk, line)
            sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + content)
            sys.stdout.buffer.flush()


def _answered(desk: Desk, line: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        content = desk.answer(json.loads(line))
    except Refused as refused:
        return {"refused": refused.reason, "params": dict(refused.params)}, b""
    except Exception as failed:
        return {"failed": f"{type(failed).__name__}: {failed}"}, b""
    return {"size": len(content)}, content


if __name__ == "__main__":
    main()
