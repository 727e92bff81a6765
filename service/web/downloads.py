"""Files that are handed out to be kept."""

from flask import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(name: str, content: bytes, type: str = XLSX) -> Response:
    """A file under an ASCII name."""
    response = Response(content, mimetype=type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
