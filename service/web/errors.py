"""One catalogue of refusals, one writer a dialect: JSON under /api/ and /odata/, XML under /openrosa/, else HTML pages.

The auditor's app under /audit/data/ gets the API's shape with messages in its language, since it shows them.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

import structlog
from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_babel import gettext
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from service.domain.collect.questionnaires import in_language
from service.domain.errors import Fault, Kind, Refused
from service.domain.shapes import without_forbidden
from service.operations.health import LOST_DATABASE
from service.web.envelopes import ERROR, envelope
from service.web.languages import spoken
from service.web.param_words import in_words

log = structlog.get_logger(__name__)

STATUS: Mapping[Kind, int] = {
    Kind.INVALID: 422,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.MISSING: 404,
    Kind.CONFLICT: 409,
    Kind.GONE: 410,
    Kind.STALE: 412,
    Kind.UNCONDITIONAL: 428,
    Kind.TOO_LARGE: 413,
    Kind.SLOW_DOWN: 429,
    Kind.BUSY: 503,
}
# Werkzeug's own refusals, under the words of our catalogue.
_REASONS = {400: "malformed", 404: "no_such_address", 405: "method_not_allowed", 413: "too_large", 415: "media_type"}
RETRY_SECONDS = 2
MOST_NAMED, LONGEST_NAME = 100, 200  # fields and characters of a field's name in one refusal
APP_DATA = "/audit/data/"
BASIC = 'Basic realm="Minyi", charset="UTF-8"'
UNEXPECTED = "Something went wrong on our side. It has been recorded."


def install(app: Flask) -> None:
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def status_of(refused: Refused) -> int:
    return STATUS[refused.entry.kind]


def fault_text(fault: Fault) -> str:
    """The fault's message in the reader's language; that of a constraint was written by the questionnaire's author."""
    if "texts" in fault.params:
        return in_language(fault.params["texts"], spoken())
    return without_forbidden(replace(fault, params=in_words(fault.reason, fault.params)).told(gettext))


def message_of(refused: Refused) -> str:
    """The refusal in one sentence of the reader's language."""
    return gettext(refused.entry.message).format(**in_words(refused.reason, refused.params))


def _refused(refused: Refused) -> Response:
    status = status_of(refused)
    faults: dict[str, list[str]] = {}
    for fault in refused.faults:
        text = fault.message if _is_api() else fault_text(fault)
        if text not in faults.setdefault(fault.field, []):
            faults[fault.field].append(text)
    message = refused.message if _is_api() else message_of(refused)
    if _is_openrosa() and refused.faults:  # the app shows one line
        message = f"{message} {refused.faults[0].field}: {fault_text(refused.faults[0])}"
    errors: dict[str, Any] = {"json": faults} if faults else {}
    if "sides" in refused.params:  # of an edit that came too late: what was sent, and what stands there now
        errors["sides"] = refused.params["sides"]
    response = _write(status, refused.reason, message, errors)
    if refused.entry.kind in (Kind.BUSY, Kind.SLOW_DOWN):
        response.headers["Retry-After"] = str(refused.params.get("seconds", RETRY_SECONDS))
    if refused.entry.kind is Kind.UNAUTHENTICATED and _is_api():
        response.headers["WWW-Authenticate"] = "Bearer"
    if refused.entry.kind is Kind.UNAUTHENTICATED and _is_odata():
        response.headers["WWW-Authenticate"] = BASIC
    return response


def _http(error: HTTPException) -> Response:
    """What Flask, Werkzeug and flask-smorest's argument parser refuse on their own."""
    status = error.code or 500
    if error.response is not None or 300 <= status < 400:  # a redirect is no error
        return make_response(error.get_response())
    data = getattr(error, "data", None) or {}
    errors = data.get("messages") or data.get("errors") or {}
    reason = "invalid" if status == 422 else _REASONS.get(status, "refused")
    text = Refused("invalid").entry.message if status == 422 else str(error.description or "")
    if status >= 500:
        reason, text = "unexpected", UNEXPECTED
    response = _write(status, reason, text if _is_api() else gettext(text), errors)
    for name, value in (data.get("headers") or {}).items():
        response.headers[name] = value
    if status == 405:
        response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or []))
    return response


def _unexpected(error: Exception) -> Response:
    if isinstance(error, LOST_DATABASE):
        log.warning("database_lost", error=type(error).__name__)
        return _refused(Refused("busy"))
    # The text of an exception may hold what a person sent, so the trace goes without it.
    log.error("unexpected", error=type(error).__name__, route=str(request.url_rule), trace=_places(error))
    return _write(500, "unexpected", UNEXPECTED if _is_api() else gettext(UNEXPECTED), {})


def _places(error: Exception) -> list[str]:
    found, trace = [], error.__traceback__
    while trace:
        found.append(f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return found[-8:]


def _is_api() -> bool:
    return request.path.startswith("/api/")


def _is_odata() -> bool:
    return request.path.startswith("/odata/")


def _is_openrosa() -> bool:
    return request.path.startswith("/openrosa/")


def _first(errors: Any) -> Any:
    """The errors without what nobody reads: a body of ten thousand unknown fields is not sent back to its sender."""
    if isinstance(errors, Mapping):
        return {str(name)[:LONGEST_NAME]: _first(part) for name, part in islice(errors.items(), MOST_NAMED)}
    return errors[:MOST_NAMED] if isinstance(errors, list) else errors


def _write(status: int, reason: str, message: str, errors: Mapping[str, Any]) -> Response:
    if _is_api() or request.path.startswith(APP_DATA):
        name = HTTP_STATUS_CODES.get(status, "Unknown")
        body = jsonify(code=status, status=name, message=message, reason=reason, errors=_first(errors))
        return make_response(body, status)
    if _is_openrosa():
        return envelope(400 if status == 422 else status, message, ERROR)
    if _is_odata():
        return _odata(status, reason, message)
    page = render_template("error.html", status=status, reason=reason, message=message)
    return make_response(page, status)


def _odata(status: int, reason: str, message: str) -> Response:
    """OData's shape of an error, and its statuses: what is not supported is 501, what cannot be read 400."""
    told = {"query_unsupported": 501}.get(reason, 400 if status == 422 else status)
    return make_response(jsonify(error={"code": reason, "message": message}), told)
