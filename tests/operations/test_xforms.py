"""Forms for phones: made with their checklist, once a version, and the same bytes for ever."""

from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy

import pytest
from defusedxml.ElementTree import fromstring
from factories import AUDITOR, EVALUATOR, NOW

from service.domain.errors import Refused
from service.domain.inspect import checklists as rules
from service.domain.inspect.checklists import Checklist, ChecklistVersion
from service.domain.inspect.xforms import XForm, md5
from service.operations.inspect import checklists, xforms
from service.store import records

XFORMS, HTML = "{http://www.w3.org/2002/xforms}", "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
def checklist(database: None) -> Checklist:
    return next(each for each in checklists.shipped().values() if each.id == "supervisor-report")


def test_a_version_and_its_form_are_published_together_and_never_change(checklist: Checklist) -> None:
    definition = rules.to_plain(checklist)
    version, new = xforms.publish(EVALUATOR, NOW, definition)
    form = xforms.get(version.id)
    assert (new, form.form_id, form.version, form.md5) == (True, "supervisor-report", "1", md5(form.content))
    assert xforms.publish(EVALUATOR, NOW, definition)[1] is False
    other = deepcopy(definition)
    other["title"]["en"] = other["form"]["title"]["en"] = "Another title"
    with pytest.raises(Refused, match="already used"):
        xforms.publish(EVALUATOR, NOW, other)
    assert xforms.get(version.id) == form
    assert xforms.make(NOW, checklist) == form


def test_whoever_may_not_publish_makes_no_form(checklist: Checklist) -> None:
    with pytest.raises(Refused):
        xforms.publish(AUDITOR, NOW, rules.to_plain(checklist))
    assert records.find(XForm) == records.find(ChecklistVersion) == []


def test_two_who_make_a_form_at_once_serve_the_same_bytes(checklist: Checklist) -> None:
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda _: xforms.make(NOW, checklist), range(2)))
    assert made[0] == made[1] == xforms.get(checklist.version_id)
    assert len(records.find(XForm)) == 1


def test_a_form_has_what_the_app_insists_on(checklist: Checklist) -> None:
    root = fromstring(xforms.converted(checklist))
    assert root.find(f"{HTML}head/{HTML}title").text  # type: ignore[union-attr]
    (instance,) = [each for each in root.iter(f"{XFORMS}instance") if each.get("id") is None]
    assert (instance[0].get("id"), instance[0].get("version")) == ("supervisor-report", "1")
    assert [each.tag for each in instance[0].iter() if each.tag.endswith("}instanceID")]
    assert [each.get("src") for each in root.iter(f"{XFORMS}instance") if each.get("src")] == [
        "jr://file-csv/items.csv"
    ]
    # Records go to the server that the app was set up with, in clear, and stay on the phone until they are sent.
    assert not [each for each in root.iter(f"{XFORMS}submission") if each.attrib]
