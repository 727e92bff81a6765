"""Tables that are sent over the API: as the body, or as the part `file` of a form."""

import shutil
import tempfile
from typing import IO, Any

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from service.web.downloads import XLSX

IN_MEMORY = 1_000_000  # bytes of an upload; a larger one waits on disk
_FILE = {"type": "string", "format": "binary"}
BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "text/csv": {"schema": _FILE},
        XLSX: {"schema": _FILE},
        "multipart/form-data": {"schema": {"type": "object", "properties": {"file": _FILE}, "required": ["file"]}},
    },
}


def table(limit: int = 0) -> IO[bytes]:
    """The table; with `limit` it may be larger than other requests, for those who were let in already."""
    if limit:
        request.max_content_length = limit
    if request.mimetype == "multipart/form-data":
        sent = request.files.get("file")
        if sent is None:
            raise BadRequest("The form has no part named file.")
        return sent.stream
    if request.mimetype not in ("text/csv", XLSX, "application/octet-stream"):
        raise UnsupportedMediaType(f"Send text/csv, {XLSX}, or multipart/form-data with a part named file.")
    kept = tempfile.SpooledTemporaryFile(IN_MEMORY)
    try:
        shutil.copyfileobj(request.stream, kept)
    except BaseException:  # longer than a request may be
        kept.close()
        raise
    return kept
