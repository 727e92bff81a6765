"""OpenRosa's one shape of an answer in words: the collecting app shows the first message to the auditor."""

from xml.sax.saxutils import escape, quoteattr

from flask import Response

SUCCESS, ERROR = "submit_success", "submit_error"


def envelope(status: int, message: str, nature: str) -> Response:
    """https://docs.getodk.org/openrosa-form-submission/: OpenRosaResponse with one message."""
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<OpenRosaResponse xmlns="http://openrosa.org/http/response">'
        f"<message nature={quoteattr(nature)}>{escape(message)}</message></OpenRosaResponse>\n"
    )
    return Response(body, status, content_type="text/xml; charset=utf-8")
