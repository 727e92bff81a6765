"""The shipped questionnaires: published ones never change, plain and short texts, no personal data, no child asked."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.domain.collect.questionnaires import PURPOSES, Questionnaire, asked, check_answers, parse_yaml
from service.domain.collect.questions import Question
from service.domain.collect.tallies import cell_of, tally_of
from service.domain.errors import Refused
from service.domain.modes import HELP_CODES

FOLDER = Path(__file__).parents[2] / "survey_templates" / "questionnaires"
ALL = {file.stem: parse_yaml(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.yaml"))}
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
DEMO = "copenhagen-housing"  # the words of a data set of 1976, not ours
OURS = sorted(set(ALL) - {DEMO})
PERSONS = sorted(set(OURS) - {"institution-rating"})
POPULATIONS = {
    *("recipients", "related_persons", "workers", "institutions", "guardians", "service_users", "residents"),
}
MOST_QUESTIONS, MOST_ON_A_CARD = 12, 6
# Characters of one text; of all that is read at a slow 150 Chinese characters a minute it makes under three minutes.
LONGEST = {("label", "zh"): 30, ("label", "en"): 90, ("hint", "zh"): 30, ("hint", "en"): 90}
LONGEST |= {("part", "zh"): 15, ("part", "en"): 50, ("note", "zh"): 60, ("note", "en"): 180}
MOST_READ = 420
MOST_WORDS = 18  # of an English question
SIMPLE_ONLY = set("们这个时间问题选择请码项数据库没为无会应实际来对开关说读错务区满评价见产从头见进动过还")
TRADITIONAL_ONLY = set("們這個時間問題選擇請碼項數據庫沒為無會應實際來對開關說讀錯務區滿評價見產從頭進動過還")
# What asks who somebody is (Personal Information Protection Law, arts 6 and 28).
PERSONAL = re.compile(
    "您的姓名|您叫什么|您姓什么|孩子叫|身份证|证件号|出生|生日|哪年|几月|手机号|电话号码|联系电话|联系方式|住址|门牌|微信"
    "|邮箱|学校名|残疾证|病历|民族|宗教|收入多少|签名"
    "|your name|child's name|id number|identity card|birth|your phone|phone number of|e-?mail|address|which school"
)


def texts(question: Question) -> Iterator[tuple[str, dict[str, str]]]:
    """(sort of text, the text by language)."""
    yield "note" if question.kind == "note" else "label", question.label
    for sort, some in (
        ("hint", question.hint),
        ("part", question.low),
        ("part", question.high),
        ("part", question.unit),
    ):
        if some:
            yield sort, some
    for each in (*question.options, *question.rows):
        yield "part", each.label


def every_text(questionnaire: Questionnaire) -> Iterator[dict[str, str]]:
    yield from (questionnaire.title, questionnaire.purpose, questionnaire.source)
    for question in questionnaire.questions:
        yield from (text for _, text in texts(question))


def test_a_published_version_is_superseded_and_never_edited() -> None:
    recorded = dict(reversed(line.split("  ")) for line in (FOLDER / "DIGESTS").read_text("utf-8").splitlines())
    shipped = {f"{each.id}@{each.version}": each.digest for each in ALL.values()}
    assert shipped.items() <= recorded.items(), "give the file a new version, and add its digest to DIGESTS"


@pytest.mark.parametrize("name", ALL)
def test_each_says_in_three_languages_what_it_is_for_and_where_it_is_from(name: str) -> None:
    questionnaire = ALL[name]
    assert questionnaire.id == name
    assert questionnaire.languages == LANGUAGES
    assert questionnaire.purpose_kind in PURPOSES
    for text in every_text(questionnaire):
        assert list(text) == list(LANGUAGES)
        assert all(words.strip() for words in text.values())
        assert re.search("[\u4e00-\u9fff]", text["zh-Hans"]) or text["zh-Hans"] == text["en"]
        assert not re.search("[\u4e00-\u9fff]", text["en"])
    if name != DEMO:
        assert questionnaire.population in POPULATIONS
        assert questionnaire.source["zh-Hans"].startswith("重新拟写。")


@pytest.mark.parametrize("name", ALL)
def test_each_chinese_is_written_in_its_own_characters(name: str) -> None:
    for text in every_text(ALL[name]):
        assert not (SIMPLE_ONLY - TRADITIONAL_ONLY) & set(text["zh-Hant"]), text["zh-Hant"]
        assert not (TRADITIONAL_ONLY - SIMPLE_ONLY) & set(text["zh-Hans"]), text["zh-Hans"]
        assert not set("“”") & set(text["zh-Hant"])


@pytest.mark.parametrize("name", OURS)
def test_each_is_short_and_can_be_read_by_anybody(name: str) -> None:
    questionnaire = ALL[name]
    most = MOST_ON_A_CARD if name == "service-rating" else MOST_QUESTIONS
    assert len(questionnaire.questions) <= most
    read = 0
    for question in questionnaire.questions:
        for sort, text in texts(question):
            for language, words in text.items():
                assert len(words) <= LONGEST[sort, language[:2]], words
            read += len(text["zh-Hans"])
        assert question.kind == "note" or len(question.label["en"].split()) <= MOST_WORDS, question.label["en"]
    assert read <= MOST_READ


@pytest.mark.parametrize("name", ALL)
def test_nobody_is_asked_who_they_are(name: str) -> None:
    for question in ALL[name].questions:
        assert question.kind not in ("date", "photo")  # a day may be a birthday, a picture shows faces
        for sort, text in texts(question):
            found = PERSONAL.search(f"{text['zh-Hans']} {text['en'].lower()}")
            assert not found, (question.id, found)
            if sort == "hint" and "姓名" in text["zh-Hans"]:
                assert text["zh-Hans"].startswith("请不要写")
        if question.kind == "text" and name != DEMO:
            assert question.hint["zh-Hans"].startswith("请不要写"), question.id


@pytest.mark.parametrize("name", OURS)
def test_ratings_have_five_levels_and_cannot_say_and_their_scales_are_declared(name: str) -> None:
    questionnaire = ALL[name]
    rated = {item for scale in questionnaire.scales.values() for item in scale.items}
    levels = {item.id for item in questionnaire.items.values() if set(item.codes) == set("12345")}
    assert rated == levels
    for item in levels:
        assert questionnaire.items[item].cannot_say
    for scale in questionnaire.scales.values():
        assert scale.levels == tuple("12345")
    assert bool(questionnaire.scales) is (questionnaire.purpose_kind != "consultation")
    for question in questionnaire.questions:
        if question.kind in ("zero_to_ten", "number"):
            assert question.cannot_say


@pytest.mark.parametrize("name", PERSONS)
def test_the_last_question_asks_every_person_who_helped(name: str) -> None:
    questionnaire = ALL[name]
    assert questionnaire.help == questionnaire.questions[-1].id == "helped"
    assert {option.code for option in questionnaire.questions[-1].options} == set(HELP_CODES)


@pytest.mark.parametrize("name", PERSONS)
def test_persons_may_skip_what_is_not_the_gate_or_the_headline(name: str) -> None:
    required = {question.id for question in ALL[name].questions if question.required}
    assert required <= {"overall", "guardian", "relation"}


def first(question: Question) -> object:
    """Some answer to the question."""
    if question.kind == "matrix":
        return {row.id: question.options[0].code for row in question.rows}
    if question.kind in ("multiple", "rank"):
        return [option.code for option in question.options[: question.most or 1]]
    return {"text": "words", "number": "3", "zero_to_ten": "7"}.get(question.kind) or question.options[0].code


@pytest.mark.parametrize("name", ALL)
def test_each_is_answered_from_beginning_to_end_and_counted(name: str) -> None:
    questionnaire = ALL[name]
    given = {question.id: first(question) for question in questionnaire.questions if question.kind != "note"}
    accepted = check_answers(questionnaire, given, lenient=True)
    cell = cell_of(
        questionnaire, accepted, site="s", session="", distribution="poster", mode="own_phone", language="en"
    )
    counts = tally_of(questionnaire, cell, accepted)[cell]
    assert counts["n"] == 1
    assert all(counts[f"c|{item}|{accepted[item]}"] == 1 for item in questionnaire.items if item in accepted)


# --- What each of them is for


def test_what_only_some_related_persons_can_tell_is_asked_of_them_alone() -> None:
    form = ALL["related-persons"]
    everybody = asked(form, {"relation": "neighbour"})
    assert not {"needs", "relief", "cooperation"} & everybody
    assert asked(form, {"relation": "family"}) - everybody == {"needs", "relief"}
    assert asked(form, {"relation": "committee"}) == asked(form, {"relation": "partner"}) == everybody | {"cooperation"}
    own = {label for each in form.questions for label in each.label.values()}
    shared = own & {label for each in ALL["recipients"].questions for label in each.label.values()}
    assert len(shared) < len(own) / 2  # another question set than the recipients'


@pytest.mark.rule("G39", "O09")
def test_workers_are_told_first_that_nothing_about_persons_is_public() -> None:
    form = ALL["workers"]
    assert form.questions[0].kind == "note"
    assert "永远不公布" in form.questions[0].label["zh-Hans"]
    assert "never made public" in form.questions[0].label["en"]
    assert form.weights == ()  # teams are small: nothing becomes part of a tally's key
    assert set(form.scales) == {"working_state", "decisions"}
    assert {"reasons"} == asked(form, {"stay": "no"}) - asked(form, {"stay": "yes"})


def test_the_youth_annex_asks_guardians_and_never_a_child() -> None:
    form = ALL["youth"]
    assert form.population == "guardians"
    assert "孩子不用填" in form.questions[0].label["zh-Hans"]
    gate = {"for_parents", "guardian"}
    assert asked(form, {}) == gate
    assert asked(form, {"guardian": "no"}) == gate | {"hand_over"}
    assert asked(form, {"guardian": "yes"}) == {question.id for question in form.questions} - {"hand_over"}
    assert form.by_id["guardian"].required
    assert "18" in form.by_id["guardian"].label["en"]
    with pytest.raises(Refused) as refused:
        check_answers(form, {"guardian": "no", "overall": "5"})
    assert [fault.field for fault in refused.value.faults] == ["answers.overall"]
    for question in form.questions:
        assert not re.search("你|小朋友|同学|your parents", f"{question.label['zh-Hans']} {question.label['en']}")


@pytest.mark.parametrize("name", sorted(set(PERSONS) - {"youth", "workers", "service-rating"}))
def test_who_is_asked_is_fourteen_or_older(name: str) -> None:
    form = ALL[name]
    bands = form.by_id["age"].options if "age" in form.by_id else ()
    ages = [int(age) for option in bands for age in re.findall(r"\d+", option.label["en"])]
    told = any("年满14岁" in question.hint.get("zh-Hans", "") for question in form.questions)
    assert min(ages, default=14) == 14
    assert ages or told


def test_institutions_sign_beside_the_form_which_asks_for_no_person() -> None:
    form = ALL["institution-rating"]
    assert (form.purpose_kind, form.population, form.help) == ("institution", "institutions", None)
    assert "recognition" in form.items
    assert asked(form, {}) == {question.id for question in form.questions}


def test_the_card_asks_what_fits_the_level_chosen() -> None:
    card = ALL["service-rating"]
    assert card.purpose_kind == "service_rating"
    always = {"overall", "helped"}
    further = {level: asked(card, {"overall": level}) - always for level in "54321"}
    assert further == {
        "5": {"good"},
        "4": {"good"},
        "3": {"better", "words"},
        "2": {"wrong", "words"},
        "1": {"wrong", "words"},
    }
    assert asked(card, {"overall": "_cannot_say"}) == asked(card, {}) == always


def test_the_consultation_rates_nobody() -> None:
    form = ALL["needs-consultation"]
    assert (form.purpose_kind, form.scales) == ("consultation", {})
    assert "first" not in asked(form, {"needs": "none"})
    assert "unmet_what" in asked(form, {"unmet": "yes"}) - asked(form, {"unmet": "no"})


@pytest.mark.parametrize("name", ["elderly", "family", "youth", "disability", "community"])
def test_annexes_share_the_headline_so_that_fields_can_be_compared(name: str) -> None:
    annex, base = ALL[name], ALL["recipients"]
    assert annex.by_id["overall"].options == base.by_id["overall"].options
    assert annex.by_id["overall"].label == base.by_id["overall"].label
    assert annex.scales["satisfaction"].headline == "overall"
    assert annex.scales["satisfaction"].satisfied == base.scales["satisfaction"].satisfied
