"""The fonts that drawings are set in: each face as a file of its own, taken out of its collection once."""

from collections.abc import Iterable
from pathlib import Path

from service.web.printing import fonts
from service.web.printing.fonts import Face

WRITTEN = "0123456789.%()/=≤–… n"  # besides the words of the data


class Cases:
    """Files of faces in a folder."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)
        self._files: dict[Face, Path] = {}

    def font(self, language: str, named: str, texts: Iterable[str]) -> Path:
        """The file for a language, which has all that is written. Raises Refused("font_missing")."""
        face = fonts.face_for(language, named)
        fonts.require(face, [WRITTEN, *texts])
        if face not in self._files:
            place = self._folder / f"{len(self._files)}.otf"
            place.write_bytes(fonts.alone(face))
            self._files[face] = place
        return self._files[face]
