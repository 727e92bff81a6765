"""Pictures: looked into, stripped of everything but what is to be seen, and kept until the answer is withdrawn."""

import io
import secrets
import struct
import threading
import time
from collections import Counter
from collections.abc import Sequence

from service.domain.collect import media as rules
from service.domain.collect.media import Picture
from service.domain.collect.questions import Question
from service.domain.errors import Refused
from service.store.collect import media as stored
from service.store.collect import responses

FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 82
PATIENCE = 15.0  # seconds
_REMEMBERED = 100_000
# Unpacking takes up to 200 MB for a moment: one at a time in a process.
_one_at_a_time = threading.Lock()
_sent: Counter[str] = Counter()
_paces: dict[str, tuple[float, float]] = {}  # code that many share -> (moment, pictures it might send then)


def keep(campaign: str, asking: Sequence[Question], content: bytes, owner: str = "", shared: bool = False) -> str:
    """Check and store a picture for one of the questions `asking` for it. -> its random id.

    `owner` is the code: a slip may send a few pictures only, one that is `shared` as fast as people come. Raises
    Refused: not_found when nothing asks for a picture, picture_too_large, picture_invalid, pictures_spent, busy.
    """
    if not asking:
        raise Refused("not_found", noun="question that asks for a picture")
    limit = max(question.max_bytes for question in asking)
    if len(content) > limit:
        raise Refused("picture_too_large", limit=megabytes(limit))
    (_pace if shared else _count)(owner)
    picture = Picture(secrets.token_hex(16), campaign, cleaned(content))
    stored.insert(picture)
    return picture.id


def megabytes(limit: int) -> str:
    """`6`, `2.5`: as people say it."""
    return f"{limit / 1_000_000:.1f}".removesuffix(".0")


def _count(owner: str) -> None:
    if not owner:
        return
    if len(_sent) >= _REMEMBERED:
        _sent.clear()
    if _sent[owner] >= rules.MOST_PER_SLIP:
        raise Refused("pictures_spent")
    _sent[owner] += 1


def _pace(code: str) -> None:
    if len(_paces) >= _REMEMBERED:
        _paces.clear()
    now = time.monotonic()
    at, left = _paces.get(code, (now, float(rules.POSTER_AT_ONCE)))
    left = min(left + (now - at) / rules.POSTER_SECONDS, rules.POSTER_AT_ONCE)
    if left < 1:
        raise Refused("busy", seconds=rules.POSTER_SECONDS)
    _paces[code] = (now, left - 1)


def cleaned(content: bytes, side: int = rules.LONGEST_SIDE) -> bytes:
    """The picture as a JPEG of at most `side`, upright, painted anew: no position, no time, no maker's name.

    Raises Refused("picture_invalid") for what is none or is too large when unpacked.
    """
    from PIL import Image  # late: start-up stays light

    if not _one_at_a_time.acquire(timeout=PATIENCE):
        raise Refused("busy")
    try:
        return _painted_anew(content, side)
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, struct.error, MemoryError):
        raise Refused("picture_invalid") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("picture_invalid") from None
    finally:
        _one_at_a_time.release()


def _painted_anew(content: bytes, side: int) -> bytes:
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        width, height = image.size
        jpeg = image.format in ("JPEG", "MPO")
        if width * height > (rules.MOST_JPEG_PIXELS if jpeg else rules.MOST_PIXELS):
            raise Refused("picture_invalid")
        image.draft("RGB", (side, side))  # for a JPEG: unpack no more of it than is kept
        image.load()
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((side, side))
        transparent = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
        visible = upright.convert("RGBA" if transparent else "RGB")
        clean = Image.new("RGB", visible.size, "white")  # a fresh one has no comments to carry along
        clean.paste(visible, mask=visible.getchannel("A") if transparent else None)
    made = io.BytesIO()
    clean.save(made, "JPEG", quality=QUALITY)
    return made.getvalue()


def forget_unclaimed(campaign: str, questions: Sequence[Question]) -> int:
    """After the end: delete the pictures that no answer names. -> how many."""
    if not rules.asked_in(questions):
        return 0
    left = stored.of_campaign(campaign)
    for response in responses.each(campaign):
        left -= set(rules.named(questions, response.answers).values())
    return stored.delete(left)
