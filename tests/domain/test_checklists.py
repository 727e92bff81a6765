"""Checklists: what an answer means for the attributes, what a loader must refuse and where, and the shipped ones."""

from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pytest

from service.domain.collect.questionnaires import check_answers
from service.domain.errors import Refused
from service.domain.inspect import checklists as rules
from service.domain.inspect.checklists import DRAWN_KINDS, RECORD_KINDS, VISIT_KINDS
from service.domain.inspect.spot_checks import ATTRIBUTES
from service.domain.yaml_texts import load

FOLDER = Path(__file__).parent.parent.parent / "survey_templates" / "checklists"
FILES = sorted(FOLDER.glob("*.yaml"))
ALL = {path.stem: rules.parse_yaml(path.read_text("utf-8"), path.name) for path in FILES}
CASE = (FOLDER / "case-record.yaml").read_text("utf-8")
GOOD = {
    "exists": "yes",
    "in_period": "yes",
    "signed": "yes",
    "complete": "yes",
    "consistent": "yes",
    "plausible": "yes",
    "counted_once": "yes",
    "timely": "yes",
    "confirmed": "yes",
    "amount": "1.5",
}


def plain() -> dict:
    return load(CASE, "checklist_invalid")


def faults(definition: dict) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        rules.parse(definition)
    assert refused.value.reason == "checklist_invalid"
    return {fault.field: fault.reason for fault in refused.value.faults}


# --- What answers mean -------------------------------------------------------------------------------------------


def judged(**changes: str | None) -> dict[str, bool | None]:
    answers = {name: value for name, value in (GOOD | changes).items() if value is not None}
    return rules.attributes_of(ALL["case-record"], check_answers(ALL["case-record"].questionnaire, answers))


@pytest.mark.parametrize(
    ("changes", "failed"),
    [
        ({}, set()),
        ({"in_period": "no"}, {"true"}),
        ({"signed": "no"}, {"complete"}),
        ({"signed": "not_needed"}, set()),
        ({"complete": "no"}, {"complete"}),
        ({"counted_once": "twice"}, {"true"}),
        ({"counted_once": "never"}, {"true"}),
        ({"counted_once": "not_told"}, set()),
        ({"confirmed": "no"}, {"true"}),
        ({"confirmed": "unreachable"}, set()),
        ({"timely": "no", "plausible": "no"}, {"timely", "true"}),
    ],
)
def test_an_answer_fails_its_core_attribute_and_no_other(changes, failed):
    assert {name for name, holds in judged(**changes).items() if holds is False} == failed


def test_what_was_not_found_makes_the_rest_void_and_verifies_nothing():
    case = ALL["case-record"]
    answers = check_answers(case.questionnaire, {"exists": "no", "where_sought": "档案柜"})
    assert rules.attributes_of(case, answers) == {"found": False, "complete": None, "true": None, "timely": None}
    assert rules.amount_of(case, answers) == 0
    with pytest.raises(Refused):
        check_answers(case.questionnaire, {"exists": "no", "signed": "yes"})


def test_where_no_part_applies_a_core_attribute_is_not_judged():
    assert judged(timely="not_set")["timely"] is None
    case = ALL["case-record"]
    assert rules.amount_of(case, check_answers(case.questionnaire, GOOD)) == Decimal("1.5")
    assert rules.amount_of(ALL["plan-record"], {"exists": "yes"}) is None


def test_what_is_looked_at_once_a_visit_has_attributes_of_its_own():
    review = ALL["document-review"]
    given = dict.fromkeys(review.attributes, "yes") | {"procedures": "partly"}
    held = rules.attributes_of(review, check_answers(review.questionnaire, given))
    assert set(held) == set(review.attributes)
    assert [name for name, holds in held.items() if holds is False] == ["procedures"]


# --- What cannot be a checklist ----------------------------------------------------------------------------------


def changed(path: str, value: object) -> dict:
    definition = plain()
    *inner, last = path.split(".")
    place: object = definition
    for name in inner:
        place = place[int(name)] if isinstance(place, list) else place[name]  # type: ignore[index]
    if value is None:
        del place[last]  # type: ignore[attr-defined]
    else:
        place[last] = value  # type: ignore[index]
    return definition


@pytest.mark.parametrize(
    ("path", "value", "field", "reason"),
    [
        ("record_kind", "file", "record_kind", "not_an_option"),
        ("record_kind", None, "record_kind", "missing"),
        ("method", "guess", "method", "not_an_option"),
        ("rules", ["G35", "section 4"], "rules.1", "bad_name"),
        ("extra", 1, "extra", "unknown_field"),
        ("title", None, "title", "missing"),
        ("form.id", "other", "form.id", "differs_from_checklist"),
        ("form.questions", [], "form.questions", "empty"),
        ("form.questions.0.kind", "essay", "form.questions.0.kind", "unknown_kind"),
        ("form.questions.2.when", "exists = 'maybe'", "form.questions.2.when", "expr_no_code"),
        ("form.questions.2.when", None, "form.questions.2.when", "asked_though_lost"),
        ("form.questions.3.when", "answered(exists)", "form.questions.3.when", "asked_though_lost"),
        ("form.questions.3.required", False, "attributes.signed.question", "must_be_required"),
        ("attributes.signed.question", "nothing", "attributes.signed.question", "no_such_choice"),
        ("attributes.signed.question", "remark", "attributes.signed.question", "no_such_choice"),
        ("attributes.signed.holds", ["ja"], "attributes.signed.holds.0", "not_an_option"),
        ("attributes.signed.holds", [], "attributes.signed.holds", "empty"),
        ("attributes.signed.holds", ["yes", "no"], "attributes.signed.holds", "cannot_fail"),
        ("attributes.signed.not_applicable", ["yes"], "attributes.signed.not_applicable.0", "duplicate"),
        ("attributes.signed.core", "neat", "attributes.signed.core", "not_an_option"),
        ("attributes.signed.core", None, "attributes.signed.core", "missing"),
        ("attributes.signed.feeds", ["G3"], "attributes.signed.feeds.0", "bad_name"),
        ("attributes.signed.weight", 2, "attributes.signed.weight", "unknown_field"),
        ("attributes.timely.core", "true", "attributes", "core_missing"),
        ("found", None, "found", "missing"),
        ("found", "signed", "found", "not_deciding"),
        ("found", "lost", "found", "not_deciding"),
        ("amount", "remark", "amount", "no_such_number_question"),
        ("limits", {"far_m": 0}, "limits.far_m", "out_of_range"),
        ("limits", {"height_m": 3}, "limits.height_m", "unknown_field"),
    ],
)
def test_a_checklist_that_does_not_hold_together_is_refused_by_field(path, value, field, reason):
    assert faults(changed(path, value)).get(field) == reason


@pytest.mark.parametrize("broken", ["a text", ["a"], 7, None])
def test_what_is_no_mapping_is_no_checklist(broken):
    assert faults(broken)[""] == "wrong_type"
    assert faults(plain() | {"form": broken}).keys() & {"form"}
    assert faults(plain() | {"attributes": broken}).keys() & {"attributes"}


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("method: spot_check", "method: guess", "bad.yaml, line 6: method"),
        ("core: timely", "core: quick", "bad.yaml, line 24: attributes.timely.core"),
        ("kind: number", "kind: essay", "form.questions.9.kind"),
        ("version: 1\n", "version: 1\nversion: 2\n", "bad.yaml: line 5"),
        ("holds:", "holds: !!seq", "bad.yaml: line 17"),
    ],
)
def test_a_bad_file_is_refused_naming_the_file_the_line_and_the_field(before, after, place):
    with pytest.raises(Refused) as refused:
        rules.parse_yaml(CASE.replace(before, after, 1), "bad.yaml")
    [fault, *_] = refused.value.faults
    assert fault.field.startswith("bad.yaml")
    assert "line " in fault.field
    assert place in fault.field
    assert fault.message


def test_a_definition_reads_back_as_itself_and_every_part_is_in_its_digest():
    case = ALL["case-record"]
    assert rules.parse(rules.to_plain(case)) == case
    other = deepcopy(rules.to_plain(case))
    other["attributes"]["signed"]["not_applicable"] = []
    assert rules.parse(other).digest != case.digest
    assert rules.parse(plain() | {"limits": {"far_m": 500}}).limits == {"far_m": 500}
    assert rules.parse(plain() | {"limits": {"far_m": 500}}).digest != case.digest


# --- Those that come with the service ----------------------------------------------------------------------------


def test_every_kind_of_record_and_every_method_has_one():
    assert sorted(each.record_kind for each in ALL.values()) == sorted((*DRAWN_KINDS, *VISIT_KINDS))
    fed = {rule for each in ALL.values() for attribute in each.attributes.values() for rule in attribute.feeds}
    wanted = {f"G{number}" for number in (*range(14, 25), *range(31, 40), 42, 43, 44, 45)} | {"O07"}
    assert wanted - fed == set()


@pytest.mark.parametrize("name", ALL)
def test_each_is_complete_in_three_languages_and_known_by_its_digest(name):
    checklist = ALL[name]
    assert checklist.id == name
    assert checklist.questionnaire.languages == ("zh-Hans", "zh-Hant", "en")
    assert checklist.questionnaire.source["zh-Hans"].startswith("重新拟写。")
    assert rules.parse(rules.to_plain(checklist)) == checklist
    used = {rule for attribute in checklist.attributes.values() for rule in attribute.feeds}
    assert used <= set(checklist.rules)
    recorded = dict(reversed(line.split("  ")) for line in (FOLDER / "DIGESTS").read_text("utf-8").splitlines())
    assert recorded[checklist.version_id] == checklist.digest, "give the file a new version, and add its digest"


@pytest.mark.rule("G35", "G36")
@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_the_attributes_of_record_checks_stand_in_each(kind):
    [checklist] = [each for each in ALL.values() if each.record_kind == kind]
    asked = {attribute.question for attribute in checklist.attributes.values()}
    wanted = {"exists", "in_period", "signed", "complete", "counted_once", "timely"}
    wanted |= set() if kind == "plan" else {"consistent", "plausible", "confirmed"}
    assert wanted <= asked
    assert {attribute.core for attribute in checklist.attributes.values()} == set(ATTRIBUTES)


@pytest.mark.rule("O07")
def test_a_supervisors_report_feeds_no_estimate():
    report = ALL["supervisor-report"]
    assert not report.drawn
    assert not {attribute.core for attribute in report.attributes.values()} - {""}
