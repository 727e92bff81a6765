"""What a scan is, is told by its content: whole PDF, JPEG and PNG files, nothing else."""

import io

import pytest
from PIL import Image

from service.domain.collect.scans import SCAN_LIMIT, kind_of
from service.domain.errors import Refused

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\nxref\n0 1\ntrailer <<>>\nstartxref\n32\n%%EOF\n"


def picture(kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PDF, "pdf"),
        (picture("JPEG"), "jpeg"),
        (picture("JPEG", progressive=True), "jpeg"),
        (picture("JPEG") + b"\0\0", "jpeg"),
        (picture("PNG"), "png"),
    ],
)
def test_the_three_kinds_are_told_by_content(data: bytes, kind: str) -> None:
    assert kind_of(data) == kind


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a signed form",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"MZ" + PDF,
        PDF[:30],
        PDF.replace(b"startxref", b"startxxxx"),
        picture("GIF"),
        picture("JPEG")[:-200],
        picture("JPEG")[:2] + b"\xff\xd9",
        picture("PNG")[:-12],
        picture("PNG") + b"PK\x03\x04 and an archive",
        picture("PNG").replace(b"IDAT", b"IDAX"),
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + b"\xff\xff\xff\xff" + b"IHDR" + b"\0" * 40,
        b"\xff\xd8\xff\xff\xff\xff\xff\xd9",
    ],
)
def test_what_is_broken_off_disguised_or_something_else_is_refused(data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        kind_of(data)
    assert (refused.value.reason, refused.value.faults[0].reason) == ("invalid", "scan_unreadable")


def test_more_than_ten_megabytes_are_refused_before_they_are_looked_at() -> None:
    assert kind_of(PDF.replace(b"%%EOF", b" " * 1000 + b"%%EOF")) == "pdf"
    with pytest.raises(Refused) as refused:
        kind_of(PDF + b" " * SCAN_LIMIT)
    assert refused.value.reason == "too_large"
