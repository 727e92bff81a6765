"""Pictures as phones send them: with a position, a maker and a comment in them, upside down, or no pictures at all."""

import io
import struct
import zlib

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

MAKER, COMMENT = "Phonemaker-7421", "comment-8812"
SECRETS = (MAKER.encode(), COMMENT.encode(), b"Exif", b"2026:11:20", b"GPS", b"http://ns.adobe.com/xap")


def with_position(size: tuple[int, int] = (2000, 1500)) -> bytes:
    """A JPEG whose left half is red when held upright, turned by a quarter, as phones store it."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, size[1] // 2, size[0], size[1]))
    exif = Image.Exif()
    exif[Base.Make] = MAKER
    exif[Base.DateTime] = "2026:11:20 10:11:12"
    exif[Base.Orientation] = 6  # turn it clockwise to see it upright
    exif.get_ifd(IFD.GPSInfo).update(
        {
            GPS.GPSLatitudeRef: "N",
            GPS.GPSLatitude: (23.0, 7.0, 30.0),
            GPS.GPSLongitudeRef: "E",
            GPS.GPSLongitude: (113.0, 15.0, 0.0),
        }
    )
    made = io.BytesIO()
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>http://ns.adobe.com/xap</x:xmpmeta>"
    image.save(made, "JPEG", exif=exif, comment=COMMENT.encode(), xmp=xmp)
    content = made.getvalue()
    assert all(secret in content for secret in SECRETS if secret != b"GPS")
    return content


def of_size(length: int) -> bytes:
    """A JPEG of exactly this many bytes, which is what a large one of a good phone looks like."""
    content = with_position((1200, 900))
    return content + b"\0" * (length - len(content))


def png_bomb(side: int = 20_000) -> bytes:
    """A PNG of a few kilobytes that unpacks to a side of this many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    packed = zlib.compress(b"\0" * ((side // 8 + 1) * 200))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


NO_PICTURES = {
    "empty": b"",
    "text": b"This is no picture.",
    "page": b"<html><script>alert(1)</script></html>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
    "archive": b"PK\x03\x04" + b"\0" * 200,
    "only the beginning": with_position()[:700],
    "half": with_position()[:9000],
    "bomb": png_bomb(),
    "huge bomb": png_bomb(60_000),
    "gif": b"GIF89a" + b"\0" * 50,
}
