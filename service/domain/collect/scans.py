"""Scans of signed forms: what a file is, told by its content and never by its name or by what the sender says."""

import zlib
from dataclasses import dataclass
from datetime import datetime

from service.domain.errors import Fault, Refused

SCAN_LIMIT = 10_000_000  # bytes
MEDIA_TYPES = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}
PNG = b"\x89PNG\r\n\x1a\n"
HEAD, TAIL = 1024, 2048  # where readers of PDF look for its beginning and its end
# Markers of JPEG that have no length: fill, restarts, start and end of the image.
_BARE = {0x01, *range(0xD0, 0xD9)}


@dataclass(frozen=True)
class Scan:
    """A stored scan. `id` is `<campaign>/<institution>/<name>`, the name the first half of the content's SHA-256."""

    id: str
    campaign: str
    institution: str
    name: str
    kind: str
    size: int
    sha256: str
    at: datetime
    by: str


def kind_of(data: bytes) -> str:
    """pdf, jpeg or png, for a whole file of at most SCAN_LIMIT bytes.

    Raises Refused("too_large"), or Refused("invalid") for anything else and for a file that breaks off. What follows
    the end of a picture is refused too: a file must not be two things at once.
    """
    if len(data) > SCAN_LIMIT:
        raise Refused("too_large", limit=SCAN_LIMIT)
    for kind, fits in (("pdf", _is_pdf), ("jpeg", _is_jpeg), ("png", _is_png)):
        if fits(data):
            return kind
    raise Refused("invalid", [Fault("scan", "scan_unreadable")])


def _is_pdf(data: bytes) -> bool:
    tail = data[-TAIL:]
    return data[:HEAD].lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"%PDF-") and b"startxref" in tail and b"%%EOF" in tail


def _is_png(data: bytes) -> bool:
    """Every chunk whole with its checksum, the header first, IEND last (RFC 2083)."""
    if not data.startswith(PNG):
        return False
    at, names = len(PNG), []
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        end = at + 12 + length
        body = data[at + 4 : end - 4]
        if end > len(data) or zlib.crc32(body) != int.from_bytes(data[end - 4 : end], "big"):
            return False
        names.append(body[:4])
        at = end
        if names[-1] == b"IEND":
            break
    return at == len(data) and names[:1] == [b"IHDR"] and names[-1] == b"IEND" and b"IDAT" in names


def _is_jpeg(data: bytes) -> bool:
    """Segments up to the first scan's data, with a frame among them, and the end of the image (ITU T.81, annex B)."""
    if not data.startswith(b"\xff\xd8\xff") or not data.rstrip(b"\0\r\n").endswith(b"\xff\xd9"):
        return False
    at, frames = 2, 0
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF or marker in _BARE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker == 0xDA:
            return frames == 1
        frames += 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC)
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return False
