"""A ZIP that is written while it is read: neither the archive nor one of its files is ever held as a whole."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, cast

MANIFEST = "SHA256SUMS"


class _Outlet:
    """What the library writes into; it cannot be rewound, so sizes follow each file."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.at = 0

    def write(self, data: bytes) -> int:
        self.pieces.append(bytes(data))
        self.at += len(data)
        return len(data)

    def tell(self) -> int:
        return self.at

    def flush(self) -> None:
        return

    def seekable(self) -> bool:
        return False

    def taken(self) -> bytes:
        """What was written since the last time."""
        found = b"".join(self.pieces)
        self.pieces.clear()
        return found


def zipped(files: Iterable[tuple[str, Iterable[bytes]]], at: datetime) -> Iterator[bytes]:
    """The archive in pieces; its last file lists the SHA-256 of all others, as `sha256sum --check` reads it.

    All files carry the time `at`, so that the same content gives the same bytes.
    """
    outlet, sums = _Outlet(), []
    with zipfile.ZipFile(cast(IO[bytes], outlet), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in files:
            digest = hashlib.sha256()
            with archive.open(_info(name, at), "w") as file:
                for piece in pieces:
                    digest.update(piece)
                    file.write(piece)
                    if written := outlet.taken():
                        yield written
            sums.append(f"{digest.hexdigest()}  {name}\n")
        archive.writestr(_info(MANIFEST, at), "".join(sums))
        yield outlet.taken()
    yield outlet.taken()


def _info(name: str, at: datetime) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, at.timetuple()[:6])
    made.compress_type = zipfile.ZIP_DEFLATED
    made.external_attr = 0o644 << 16
    return made
