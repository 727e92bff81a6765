"""A font with Chinese for documents: found on this machine, checked for every character, cut down to those used."""

import io
import logging
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from service.domain.errors import Refused

# Where Debian, Fedora, Arch and Alpine put them, for machines without fontconfig.
PLACES = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
)
_WANTED = "Noto Sans CJK SC:lang=zh-cn"
# The regional forms of characters that a language wants, as the families in a collection are called.
_REGIONS = {"zh-Hans": (" SC", " CN"), "zh-Hant": (" TC", " TW", " HK")}
_PROBE = "民意問卷"
REMEDY = "Install a font with Chinese (Debian: fonts-noto-cjk) or name its file in MINYI_FONT"


@dataclass(frozen=True)
class Face:
    """One font of a file; collections hold several."""

    path: str
    number: int = 0


def face_for(language: str, named: str = "") -> Face:
    """The face to set this language in. `named`: the file of the setting. Raises Refused("font_missing")."""
    for path in [named] if named else _found():
        families = _families(path)
        if not families or not _PROBE_SET <= _characters(Face(path)):
            continue
        regions = _REGIONS.get(language, _REGIONS["zh-Hans"])
        fitting = [at for at, family in enumerate(families) if family.endswith(regions)]
        return Face(path, fitting[0] if fitting else 0)
    problem = f"{named} is no font with Chinese" if named else "no font with Chinese is installed here"
    raise Refused("font_missing", problem=problem, remedy=f"{REMEDY}.")


def require(face: Face, texts: Iterable[str]) -> None:
    """Raises Refused("font_missing") naming what the face cannot show: an empty box on paper helps nobody."""
    if characters := lacking(face, texts):
        problem = f"the font has no {characters}"
        raise Refused("font_missing", problem=problem, remedy="Name another one in MINYI_FONT, or other words.")


def lacking(face: Face, texts: Iterable[str]) -> str:
    """The first characters that the face cannot show."""
    return " ".join(sorted(set("".join(texts)) - _characters(face))[:10])


def subset(face: Face, texts: Iterable[str]) -> bytes:
    """A font file with these characters only."""
    from fontTools import subset as cutter

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    options = cutter.Options()
    options.layout_features = []
    options.notdef_outline = True
    options.desubroutinize = True
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG"]
    with _open(face) as font:
        cut = cutter.Subsetter(options)
        cut.populate(text="".join(texts))
        cut.subset(font)
        written = io.BytesIO()
        font.save(written)
    return written.getvalue()


def alone(face: Face) -> bytes:
    """The face as a file of its own: not every program can choose one out of a collection."""
    from fontTools.ttLib import TTFont

    written = io.BytesIO()
    with TTFont(face.path, fontNumber=face.number, lazy=True, recalcBBoxes=False, recalcTimestamp=False) as font:
        font.save(written)  # tables that nobody looked at are copied as they are
    return written.getvalue()


def _found() -> list[str]:
    """Files that may do, the best first."""
    asked = []
    if command := shutil.which("fc-match"):
        told = subprocess.run(  # noqa: S603 - no part of it comes from outside
            [command, "--format", "%{file}", _WANTED], capture_output=True, text=True, timeout=20, check=False
        )
        asked = [told.stdout.strip()] if told.returncode == 0 else []
    return [path for path in (*asked, *PLACES) if Path(path).is_file()]


@lru_cache(maxsize=8)
def _families(path: str) -> tuple[str, ...]:
    """The names of a file's faces; none for a file that is no font."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(path, fontNumber=0, lazy=True) as first:
            count = getattr(first.reader, "numFonts", 1)
    except (TTLibError, OSError):
        return ()
    families = []
    for number in range(count):
        with _open(Face(path, number)) as font:
            families.append(str(font["name"].getDebugName(1) or ""))
    return tuple(families)


@lru_cache(maxsize=8)
def _characters(face: Face) -> frozenset[str]:
    with _open(face) as font:
        return frozenset(map(chr, font.getBestCmap()))


def _open(face: Face) -> Any:
    from fontTools.ttLib import TTFont

    return TTFont(face.path, fontNumber=face.number, lazy=True)


_PROBE_SET = frozenset(_PROBE)
