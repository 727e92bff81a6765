"""A questionnaire that has every kind of question, sections and a condition, in three languages: for page tests."""

from typing import Any


def said(hans: str, hant: str, en: str) -> dict[str, str]:
    return {"zh-Hans": hans, "zh-Hant": hant, "en": en}


def options(*texts: tuple[str, str, str, str], **more: Any) -> list[dict[str, Any]]:
    return [{"code": code, "label": said(*words)} | more.get(code, {}) for code, *words in texts]


YES_NO = options(("yes", "用过", "用過", "Yes"), ("no", "没有", "沒有", "No"))
LEVELS = options(
    ("1", "很差", "很差", "Very bad"),
    ("2", "较差", "較差", "Bad"),
    ("3", "一般", "一般", "So-so"),
    ("4", "较好", "較好", "Good"),
    ("5", "很好", "很好", "Very good"),
)
SERVICES = options(
    ("meals", "长者饭堂", "長者飯堂", "Meals for older people"),
    ("visits", "上门探访", "上門探訪", "Visits at home"),
    ("health", "健康讲座", "健康講座", "Talks on health"),
    ("none", "都没有用过", "都沒有用過", "None of these"),
    none={"exclusive": True},
)
WISHES = options(
    ("near", "离家近", "離家近", "Close to home"),
    ("kind", "态度好", "態度好", "Kind staff"),
    ("cheap", "收费低", "收費低", "Low price"),
)
ROWS = [
    {"id": "staff", "label": said("工作人员的态度", "工作人員的態度", "How the staff treat you")},
    {"id": "place", "label": said("场地和设施", "場地和設施", "Rooms and equipment")},
]


def question(id: str, kind: str, hans: str, hant: str, en: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "kind": kind, "label": said(hans, hant, en)} | more


QUESTIONS = [
    question(
        "hello",
        "note",
        "以下问题是关于社区服务的，没有对错之分。",
        "以下問題是關於社區服務的，沒有對錯之分。",
        "These questions are about the services of your community. No answer is wrong.",
    ),
    question(
        "used",
        "single",
        "您用过这里的服务吗？",
        "您用過這裡的服務嗎？",
        "Have you used the services here?",
        required=True,
        options=YES_NO,
    ),
    question(
        "services",
        "multiple",
        "您用过哪些服务？",
        "您用過哪些服務？",
        "Which services have you used?",
        options=SERVICES,
        max=2,
        cannot_say=True,
    ),
    question(
        "times",
        "number",
        "最近一个月用过几次？",
        "最近一個月用過幾次？",
        "How often in the last month?",
        min=0,
        max=60,
        unit=said("次", "次", "times"),
        cannot_say=True,
    ),
    question(
        "aspects",
        "matrix",
        "您觉得怎么样？",
        "您覺得怎麼樣？",
        "What do you think of these?",
        options=LEVELS,
        rows=ROWS,
        cannot_say=True,
    ),
    question(
        "stars",
        "rating",
        "总的来说，您给几颗星？",
        "總的來說，您給幾顆星？",
        "How many stars would you give?",
        options=LEVELS,
    ),
    question(
        "mood",
        "rating",
        "您来这里心情怎么样？",
        "您來這裡心情怎麼樣？",
        "How do you feel here?",
        options=LEVELS,
        shape="smileys",
        cannot_say=True,
    ),
    question(
        "advise",
        "zero_to_ten",
        "您会向邻居推荐吗？",
        "您會向鄰居推薦嗎？",
        "Would you recommend us to a neighbour?",
        low=said("一定不会", "一定不會", "Certainly not"),
        high=said("一定会", "一定會", "Certainly"),
        cannot_say=True,
        required=True,
    ),
    question(
        "since",
        "date",
        "您第一次来是哪天？",
        "您第一次來是哪天？",
        "When did you first come?",
        max="2026-12-31",
        cannot_say=True,
    ),
    question(
        "matters",
        "rank",
        "您最看重什么？",
        "您最看重什麼？",
        "What matters most to you?",
        options=WISHES,
        most=2,
        cannot_say=True,
    ),
    question(
        "station",
        "text",
        "您常去哪个服务点？",
        "您常去哪個服務點？",
        "Which place do you go to most?",
        short=True,
        max_length=40,
    ),
    question("wish", "text", "您还有什么建议？", "您還有什麼建議？", "What else would you suggest?", max_length=300),
    question(
        "photo",
        "photo",
        "您可以拍一张要改进的地方。",
        "您可以拍一張要改進的地方。",
        "You may add a photo of what should be better.",
        hint=said("请不要拍到别人的脸。", "請不要拍到別人的臉。", "Please do not show other people's faces."),
    ),
]
SECTIONS = [
    {
        "id": "use",
        "title": said("使用情况", "使用情況", "What you use"),
        "questions": ["hello", "used", "services", "times"],
    },
    {
        "id": "views",
        "title": said("您的看法", "您的看法", "What you think"),
        "questions": ["aspects", "stars", "mood", "advise"],
        "when": "used = 'yes'",
    },
    {"id": "more", "title": said("补充", "補充", "A few more"), "questions": ["since", "matters", "station", "wish"]},
    {"id": "picture", "questions": ["photo"]},
]


def definition(**changed: Any) -> dict[str, Any]:
    """Its JSON shape; `sections=None` puts all on one screen."""
    plain = {
        "id": "every-kind",
        "version": 1,
        "languages": ["zh-Hans", "zh-Hant", "en"],
        "population": "recipients",
        "title": said("社区服务意见调查", "社區服務意見調查", "Survey on community services"),
        "purpose": said("试验各种题型。", "試驗各種題型。", "To try every kind of question."),
        "source": said("为测试拟写。", "為測試擬寫。", "Written for tests."),
        "questions": QUESTIONS,
        "sections": SECTIONS,
    } | changed
    return {name: value for name, value in plain.items() if value is not None}
