"""What a new question starts with, and lists of options that are often needed, in our three languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.domain.modes import Text

Words = tuple[str, str, str, str]  # code, then zh-Hans, zh-Hant, en
SPOKEN = ("zh-Hans", "zh-Hant", "en")

LISTS: Mapping[str, Sequence[Words]] = {
    "satisfied": (
        ("5", "非常满意", "非常滿意", "Very satisfied"),
        ("4", "满意", "滿意", "Satisfied"),
        ("3", "基本满意", "基本滿意", "Fairly satisfied"),
        ("2", "不满意", "不滿意", "Dissatisfied"),
        ("1", "非常不满意", "非常不滿意", "Very dissatisfied"),
    ),
    "agree": (
        ("5", "非常同意", "非常同意", "Strongly agree"),
        ("4", "同意", "同意", "Agree"),
        ("3", "一般", "一般", "Neither"),
        ("2", "不同意", "不同意", "Disagree"),
        ("1", "非常不同意", "非常不同意", "Strongly disagree"),
    ),
    "good": (
        ("1", "很差", "很差", "Very bad"),
        ("2", "较差", "較差", "Bad"),
        ("3", "一般", "一般", "So-so"),
        ("4", "较好", "較好", "Good"),
        ("5", "很好", "很好", "Very good"),
    ),
    "often": (
        ("often", "经常", "經常", "Often"),
        ("sometimes", "有时", "有時", "Sometimes"),
        ("rarely", "很少", "很少", "Rarely"),
        ("never", "从不", "從不", "Never"),
    ),
    "yes_no": (("yes", "是", "是", "Yes"), ("no", "否", "否", "No")),
    "known": (
        ("known", "知道", "知道", "I know of it"),
        ("unknown", "不知道", "不知道", "I do not"),
    ),
    "age": (
        ("under_35", "34岁及以下", "34歲及以下", "34 or younger"),
        ("35_59", "35至59岁", "35至59歲", "35 to 59"),
        ("60_79", "60至79岁", "60至79歲", "60 to 79"),
        ("80_up", "80岁及以上", "80歲及以上", "80 or older"),
    ),
    "helped": (
        ("no", "没有", "沒有", "No"),
        ("family", "家人或朋友", "家人或朋友", "Family or a friend"),
        ("volunteer", "志愿者", "志願者", "A volunteer"),
        ("service_staff", "本服务的工作人员", "本服務的工作人員", "Staff of this service"),
        ("other", "其他人", "其他人", "Somebody else"),
    ),
}
HELPED: Text = {
    "zh-Hans": "有人帮您填写，或者替您填写吗？",
    "zh-Hant": "有人幫您填寫，或者替您填寫嗎？",
    "en": "Did anyone help you answer, or answer for you?",
}
LOW: Text = {"zh-Hans": "完全没有", "zh-Hant": "完全沒有", "en": "Not at all"}
HIGH: Text = {"zh-Hans": "非常有", "zh-Hant": "非常有", "en": "Very much"}


@dataclass(frozen=True)
class Starter:
    """What a new question is like: its kind, its list of options (empty ones: how many), and other fields."""

    kind: str
    list: str = ""
    empty: int = 0
    rows: int = 0
    more: Mapping[str, Any] = field(default_factory=dict)


STARTERS: Mapping[str, Starter] = {
    "satisfied": Starter("single", "satisfied", more={"cannot_say": True}),
    "yes_no": Starter("single", "yes_no"),
    "single": Starter("single", empty=2),
    "multiple": Starter("multiple", empty=3),
    "matrix": Starter("matrix", "satisfied", rows=2, more={"cannot_say": True}),
    "stars": Starter("rating", "good"),
    "smileys": Starter("rating", "good", more={"shape": "smileys"}),
    "zero_to_ten": Starter("zero_to_ten", more={"low": LOW, "high": HIGH}),
    "number": Starter("number"),
    "line": Starter("text", more={"short": True, "max_length": 100}),
    "text": Starter("text"),
    "date": Starter("date"),
    "rank": Starter("rank", empty=3, more={"most": 2}),
    "photo": Starter("photo"),
    "note": Starter("note"),
    "age": Starter("single", "age"),
    "helped": Starter("single", "helped", more={"label": HELPED}),
}
"""By the name of the tile; each kind of question is there."""


def said(text: Mapping[str, str], languages: Sequence[str]) -> Text:
    """A text of ours in those of the languages that it has."""
    return {language: text[language] for language in languages if language in text}


def options_of(name: str, languages: Sequence[str]) -> list[dict[str, Any]]:
    """A ready list of options in the JSON shape."""
    return [
        {"code": code, "label": said(dict(zip(SPOKEN, words, strict=True)), languages)} for code, *words in LISTS[name]
    ]


def fresh(starter: str, id: str, languages: Sequence[str]) -> dict[str, Any]:
    """A new question in the JSON shape; its own words are still to be written."""
    made = STARTERS[starter]
    plain: dict[str, Any] = {"id": id, "kind": made.kind, "label": {}}
    for name, value in made.more.items():
        plain[name] = said(value, languages) if isinstance(value, Mapping) else value
    if made.list:
        plain["options"] = options_of(made.list, languages)
    elif made.empty:
        plain["options"] = [{"code": str(number), "label": {}} for number in range(1, made.empty + 1)]
    if made.rows:
        plain["rows"] = [{"id": f"r{number}", "label": {}} for number in range(1, made.rows + 1)]
    return plain


def first_of(kind: str) -> str:
    """The first starter of a kind that has no words of its own yet."""
    return kind if kind in STARTERS else next(name for name, each in STARTERS.items() if each.kind == kind)
