"""Every text for people, of templates, code and the catalogue of refusals, stands in both Chinese catalogues."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from codes_on_pages import codes_in
from flask_babel import force_locale, gettext

from service.domain.collect.opinions import REASONS as OPINION_REASONS
from service.domain.errors import CATALOGUE, FAULTS
from service.domain.estimates import figures
from service.domain.evaluate.node_scores import REMARKS
from service.domain.evaluate.scheme_remarks import SCHEME_REMARKS
from service.domain.inspect import published_draws
from service.domain.inspect.interview_comparison import REASONS as COMPARISON_REASONS
from service.domain.procedure.consistency import MESSAGES as CONSISTENCY
from service.web.errors import UNEXPECTED
from service.web.pages.desk.collect.editor_words import EDITOR_WORDS
from service.web.pages.desk.evaluate.result_words import RESULT_WORDS
from service.web.pages.desk.inspect import frame_words, interview_words
from service.web.pages.desk.procedure.district_words import DISTRICT_WORDS
from service.web.pages.desk.procedure.outcome_words import OUTCOME_WORDS
from service.web.pages.desk.procedure.round_words import CONSEQUENCES, ROUND_WORDS
from service.web.pages.desk.words import TEXTS_OF_CODES, WHY_NOT, WORDS
from service.web.param_words import FAMILIES, NOUNS, STATES_OF, in_words

WEB = Path(__file__).parents[2] / "service" / "web"
SERVICE = WEB.parent
PARAMETER = re.compile(r"%\(\w+\)[a-z]|\{\w*(?:![rs])?\}")
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]


@cache
def wanted() -> frozenset[str]:
    keywords = {"gettext": None, "lazy_gettext": None, "_": None, "N_": None, "ngettext": (1, 2)}
    found = extract_from_dir(WEB, METHODS, {}, keywords=keywords, strip_comment_tags=True)
    texts = {
        text for _, _, message, _, _ in found for text in ([message] if isinstance(message, str) else [message[0]])
    }
    tables = [
        *FAULTS.values(),
        *REMARKS.values(),
        *SCHEME_REMARKS.values(),
        *OPINION_REASONS.values(),
        *COMPARISON_REASONS.values(),
        *frame_words.KIND_WORDS.values(),
        *frame_words.DIRECTION_WORDS.values(),
        *frame_words.USE_WORDS.values(),
        *frame_words.AGAINST_WORDS.values(),
        *frame_words.MATCH_WORDS.values(),
        *frame_words.FIELD_WORDS.values(),
        *interview_words.MODE_WORDS.values(),
        *interview_words.ENDINGS.values(),
        *interview_words.GROUP_WORDS.values(),
        *interview_words.SERVED_WORDS.values(),
        *interview_words.NOBODY.values(),
        *(text for table in (figures.DESIGNS, figures.LIMITS, WHY_NOT) for text in table.values()),
        *published_draws.REASONS.values(),
        *published_draws.REMARKS.values(),
        *(text for family in EDITOR_WORDS.values() for text in family.values()),
        *(text for family in RESULT_WORDS.values() for text in family.values()),
        *(text for family in ROUND_WORDS.values() for text in family.values()),
        *(text for told in CONSEQUENCES.values() for text in told),
        *CONSISTENCY.values(),
        *(text for family in DISTRICT_WORDS.values() for text in family.values()),
        *(text for family in OUTCOME_WORDS.values() for text in family.values()),
        *(entry.message for entry in CATALOGUE.values()),
    ]
    return frozenset(texts | set(tables) | problems() | {UNEXPECTED})


# `problem` with a text of another table, which `wanted` lists, or from a tool that is not ours (marshmallow, pyxform).
ELSEWHERE = {
    "REMARKS[found.code]",
    "REMARKS[one.code]",
    "refused.entry.message",
    "web/pages/audit_sync.py: text",
    "web/pages/desk/form_faults.py: text",
}


@cache
def trees() -> dict[str, ast.Module]:
    """The parsed code of the service by its place."""
    found = {path.relative_to(SERVICE).as_posix(): path for path in SERVICE.rglob("*.py")}
    return {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in found.items()}


@cache
def problems() -> frozenset[str]:
    """The texts of every `problem(field, text)` and `invalid(field, text)`: written there, or in a name just above."""
    found: set[str] = set()
    for name, tree in trees().items():
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        for function in functions if name != "domain/errors.py" else ():
            for told in _told(function):
                texts = _texts(told, function)
                assert texts or {ast.unparse(told), f"{name}: {ast.unparse(told)}"} & ELSEWHERE, (
                    f"{name}:{told.lineno}: write the text out, with its values beside it, so that it is translated"
                )
                found |= texts
    return frozenset(found)


def _told(function: ast.FunctionDef) -> list[ast.expr]:
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    raw = [call for call in calls if ast.unparse(call.func) == "Fault" and "'problem'" in map(ast.unparse, call.args)]
    assert not raw, f"line {raw[0].lineno}: `problem` tells a fault that only one place tells"
    return [
        call.args[1] for call in calls if isinstance(call.func, ast.Name) and call.func.id in ("problem", "invalid")
    ]


def _texts(told: ast.expr, function: ast.FunctionDef) -> set[str]:
    given = [told]
    if isinstance(told, ast.Name):
        assigned = [node for node in ast.walk(function) if isinstance(node, ast.Assign)]
        given = [node.value for node in assigned if told.id in map(ast.unparse, node.targets)]
    return {each.value for each in given} if all(isinstance(each, ast.Constant) for each in given) else set()


@cache
def catalogue(locale: str) -> dict[str, str]:
    path = WEB / "translations" / locale / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as source:
        read = read_po(source)
    assert not [message.id for message in read if message.fuzzy]
    ids = [
        (message.id if isinstance(message.id, str) else message.id[0], message.string) for message in read if message.id
    ]
    return {id: text if isinstance(text, str) else text[0] for id, text in ids}


@cache
def literals() -> frozenset[str]:
    """Every text that stands in the code of the service."""
    nodes = (node for tree in trees().values() for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return frozenset(node.value for node in nodes if isinstance(node.value, str))


def parameters(text: str) -> list[str]:
    return sorted(PARAMETER.findall(text))


@pytest.mark.parametrize("locale", ["zh_Hans", "zh_Hant"])
def test_every_text_is_translated_with_the_same_parameters(locale):
    texts, translated = wanted(), catalogue(locale)
    assert len(texts) > 100
    assert sorted(texts - translated.keys()) == [], "add these to both messages.po, then `make translations`"
    # A table of texts by code (`gettext(TABLE[code])`) is not extracted, but its texts stand somewhere in the code.
    assert sorted(translated.keys() - texts - literals()) == [], "no longer used: remove these from both messages.po"
    for text in texts:
        assert translated[text].strip(), text
        assert parameters(translated[text]) == parameters(text), text
        has_words = re.search("[A-Za-z]", PARAMETER.sub("", text))
        assert not has_words or re.search("[\u3000-\u9fff\uff00-\uffef]", translated[text]), text


def test_the_two_catalogues_differ_where_the_characters_do():
    simple, traditional = catalogue("zh_Hans"), catalogue("zh_Hant")
    # Short words are often written alike in both; sentences hardly ever are.
    sentences = [text for text in simple if len(simple[text]) > 8]
    assert sum(simple[text] != traditional[text] for text in sentences) > 0.95 * len(sentences) > 100
    # Characters of the one form that must not stand in the other.
    assert not set("们这个时间问题选择请码项数据库没为无会应实际来对开关说读错") & set("".join(traditional.values()))
    assert not set("們這個時間問題選擇請碼項數據庫沒為無會應實際來對開關說讀錯") & set("".join(simple.values()))


def test_english_is_the_text_itself_and_the_default_is_chinese(app):
    entry = CATALOGUE["code_spent"].message
    with app.test_request_context("/?lang=en"):
        assert gettext(entry) == entry
    with app.test_request_context("/"):
        assert gettext(entry) == catalogue("zh_Hans")[entry]
        with force_locale("zh_Hant"):
            assert gettext(entry) == catalogue("zh_Hant")[entry]


def constants(call: ast.Call, keyword: str) -> set[str]:
    values = [word.value for word in call.keywords if word.arg == keyword]
    return {value.value for value in values if isinstance(value, ast.Constant)}


def test_whatever_a_refusal_calls_missing_or_in_a_state_has_its_word():
    calls = [node for tree in trees().values() for node in ast.walk(tree) if isinstance(node, ast.Call)]
    refusals = [call for call in calls if ast.unparse(call.func) == "Refused"]
    loads = [call.args[2] for call in calls if ast.unparse(call.func) == "load" and len(call.args) == 3]
    nouns = {noun.value for noun in loads if isinstance(noun, ast.Constant)}.union(
        *(constants(x, "noun") for x in refusals)
    )
    assert len(nouns) > 40
    assert sorted(nouns - set(NOUNS)) == []
    conflicts = [call for call in refusals if "'state_conflict'" in map(ast.unparse, call.args)]
    told = {code for family in {*STATES_OF.values(), "other_state"} for code in WORDS[family]}
    states = set().union(*(constants(call, "state") for call in conflicts))
    assert len(states) > 8
    assert sorted(states - told) == []
    families = {family for table in FAMILIES.values() for each in table.values() for family in each} - {"phrase"}
    assert sorted(families - WORDS.keys() - TEXTS_OF_CODES.keys()) == []
    assert sorted(FAMILIES.keys() - (CATALOGUE.keys() | FAULTS.keys() | problems())) == []


@pytest.mark.parametrize(
    ("reason", "params", "told"),
    [
        ("state_conflict", {"noun": "campaign", "state": "draft"}, "当前状态（调查活动：草稿）下不能进行这项操作。"),
        ("state_conflict", {"noun": "campaign", "state": "paused"}, "当前状态（调查活动：已暂停）下不能进行这项操作。"),
        ("draw_void", {"why": "not_revealed"}, None),
        ("draw_not_ready", {"parties": "purchaser, provider"}, None),
        ("not_signatory", {"step": "office_head"}, None),
        ("unlike", {"aspect": "modes", "nodes": "", "values": "own_phone, paper / interview"}, None),
        ("not_looked_for", {"value": "trade_secrets"}, None),
        ("wrong_type", {"expected": "a date such as 2026-03-31"}, None),
        ("conflict_parts", {"a": "expert", "b": "lead", "basis": "（一）"}, None),
    ],
)
def test_codes_within_sentences_are_told_by_their_words(app, reason, params, told):
    source = CATALOGUE[reason].message if reason in CATALOGUE else FAULTS[reason]
    with app.test_request_context("/?lang=zh-Hans"):
        sentence = gettext(source).format(**in_words(reason, params))
        assert told is None or sentence == told
        assert not re.search("[a-z]", sentence), sentence
    with app.test_request_context("/?lang=en"):
        sentence = source.format(**in_words(reason, params))
        assert not re.search(r"\w_\w", sentence)


def test_the_reader_of_pages_finds_codes_and_leaves_words():
    page = (
        "<p>False, 0123456789abcdef<br>own_phone 2026-03-02T09:30:00+00:00</p><code>own_phone</code> None so far. 2.5"
    )
    assert [found.split("'")[1] for found in codes_in(page)] == [
        *("False", "0123456789abcdef", "own_phone", "2026-03-02T09:30:00+00:00")
    ]
