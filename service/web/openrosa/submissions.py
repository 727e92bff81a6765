"""HEAD and POST of records: multipart as the apps send it, in any order, split and repeated as often as they like."""

from collections.abc import Iterator

from flask import Response, request
from flask_babel import gettext

from service.domain.errors import Fault, Refused
from service.domain.inspect.xforms import Upload
from service.operations.inspect import openrosa
from service.web.auth import actor, now
from service.web.envelopes import SUCCESS, envelope
from service.web.openrosa.doors import LARGEST_TAKEN, blueprint, by_token

XML_PART = "xml_submission_file"
MOST_FILES = 200  # in one request; the app sends at most 101


@blueprint.route("/submission", methods=["HEAD"])
@by_token("spot_checks.write")
def may_submit() -> Response:
    """204 and nothing else tells the app that records are taken here."""
    return Response(status=204)


@blueprint.post("/submission")
@by_token("spot_checks.write")
def submit() -> Response:
    """One part of a record, or all of it: the XML and some of the files that it names."""
    request.max_content_length = LARGEST_TAKEN
    received = openrosa.receive(actor(), now(), _xml(), list(_uploads()))
    if received.problem:
        text = gettext("Received and kept for the office to look at: %(problem)s", problem=received.problem)
    elif received.waiting:
        text = gettext("Received. %(count)s files are still to come.", count=len(received.waiting))
    else:
        text = gettext("Received in full. Thank you.")
    return envelope(201, text, SUCCESS)


def _xml() -> bytes:
    part = request.files.get(XML_PART)
    if part is not None:
        return part.stream.read()
    if XML_PART in request.form:  # a sender that gives the part no file name
        return request.form[XML_PART].encode()
    raise Refused("record_unreadable", [Fault(XML_PART, "missing")])


def _uploads() -> Iterator[Upload]:
    parts = [(name, part) for name, part in request.files.items(multi=True) if name != XML_PART]
    if len(parts) > MOST_FILES:
        raise Refused("record_unreadable", [Fault("parts", "too_many", {"limit": MOST_FILES})])
    for name, part in parts:
        yield Upload((part.filename or name).replace("%22", '"'), part.stream.read())
