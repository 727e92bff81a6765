"""Pictures on the phone page: sent with a screen of the form, kept at once, named by their id from then on."""

from flask import request
from werkzeug.datastructures import MultiDict

from service.domain.collect import media as rules
from service.domain.collect import tickets
from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.tickets import Batch
from service.domain.errors import Fault, Refused
from service.operations.collect import media, responses
from service.operations.collect.campaigns import View
from service.web.auth import now
from service.web.pages.fields import Form

FIELD = "_photo/"  # before the question's id
REMOVE = "_remove"
# Above the limit of a picture, so that one that is too large is said to be so beside its question, answers kept.
ROOM = 24_000_000


def make_room(questionnaire: Questionnaire) -> None:
    """Only where a photo is asked may a form be larger than other requests."""
    if rules.asked_in(questionnaire.questions):
        request.max_content_length = ROOM


def taken_in(view: View, batch: Batch, code: str) -> tuple[Form, tuple[Fault, ...]]:
    """The form, with the id of each picture that came with it; and what is wrong with pictures."""
    form: Form = MultiDict(request.form)
    faults: list[Fault] = []
    for question in rules.asked_in(view.questionnaire.questions):
        if question.id in form.getlist(REMOVE):
            form.poplist(question.id)
        sent = request.files.get(FIELD + question.id)
        if sent is None or not sent.filename:
            continue
        owner, shared = tickets.normalise(code), batch.kind != tickets.SLIP
        try:
            responses.refuse_if_closed(view, batch, now())
            content = sent.read(question.max_bytes + 1)
            form[question.id] = media.keep(view.campaign.id, [question], content, owner, shared)
        except Refused as refused:
            if refused.reason not in _WORDS:
                raise
            faults.append(Fault(f"answers.{question.id}", _WORDS[refused.reason], refused.params))
    return form, tuple(faults)


_WORDS = {
    "picture_invalid": "picture_unreadable",
    "picture_too_large": "picture_too_large",
    "pictures_spent": "pictures_spent",
}
